package ai.irmb;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The detections of one image, by descending confidence. Immutable; owns no native memory.
 *
 * @param width of the image, in pixels
 * @param height of the image
 * @param inputWidth of the network's input, in letterboxed pixels; of a slice if the image was
 *     sliced
 * @param inputHeight of the network's input
 * @param list the detections, by descending confidence
 * @param truncated whether there may be more: {@link DetectOptions#maxDetections} or the maximum of
 *     30,000 candidates for NMS removed some
 */
public record Detections(
    int width, int height, int inputWidth, int inputHeight, List<Detection> list, boolean truncated)
    implements Iterable<Detection> {
  /** Copies the list. */
  public Detections {
    list = List.copyOf(list);
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

  @Override
  public Iterator<Detection> iterator() {
    return list.iterator();
  }
}
