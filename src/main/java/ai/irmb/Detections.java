package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The detections of one image, by descending confidence. Immutable; owns no native memory.
 *
 * <p>Two are equal if all but their timings are.
 *
 * @param width of the image, in pixels
 * @param height of the image
 * @param inputWidth of the network's input, in letterboxed pixels; of a slice if the image was
 *     sliced
 * @param inputHeight of the network's input
 * @param list the detections, by descending confidence
 * @param truncated whether there may be more: {@link DetectOptions#maxDetections} or the maximum of
 *     30,000 candidates for NMS removed some
 * @param timings how long each stage took
 */
public record Detections(
    int width,
    int height,
    int inputWidth,
    int inputHeight,
    List<Detection> list,
    boolean truncated,
    Timings timings)
    implements Iterable<Detection> {
  /** Copies the list. */
  public Detections {
    list = List.copyOf(list);
    requireNonNull(timings, "timings");
  }

  /** Creates detections that no stage made. */
  public Detections(
      int width,
      int height,
      int inputWidth,
      int inputHeight,
      List<Detection> list,
      boolean truncated) {
    this(width, height, inputWidth, inputHeight, list, truncated, Timings.NONE);
  }

  /** Creates complete detections, from which no maximum removed any. */
  public Detections(int width, int height, int inputWidth, int inputHeight, List<Detection> list) {
    this(width, height, inputWidth, inputHeight, list, false);
  }

  /** {@return the number of detections} */
  public int size() {
    return list.size();
  }

  /** {@return whether there are no detections} */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /**
   * {@return the detection at an index}
   *
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public Detection get(int i) {
    return list.get(i);
  }

  /** {@return the detections as a stream} */
  public Stream<Detection> stream() {
    return list.stream();
  }

  /** {@return other detections of the same image, such as some of these} */
  public Detections withList(List<Detection> others) {
    return new Detections(width, height, inputWidth, inputHeight, others, truncated, timings);
  }

  /** {@return these detections with other timings} */
  public Detections withTimings(Timings others) {
    return new Detections(width, height, inputWidth, inputHeight, list, truncated, others);
  }

  @Override
  public Iterator<Detection> iterator() {
    return list.iterator();
  }

  /** {@return whether the other has the same image sizes and detections; timings may differ} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Detections that
        && width == that.width
        && height == that.height
        && inputWidth == that.inputWidth
        && inputHeight == that.inputHeight
        && truncated == that.truncated
        && list.equals(that.list);
  }

  @Override
  public int hashCode() {
    return Objects.hash(width, height, inputWidth, inputHeight, truncated, list);
  }
}
