package ai.irmb;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found in one picture, best first. Immutable; holds nothing native.
 *
 * @param width of the picture, in pixels
 * @param height of the picture
 * @param inputWidth of what the network saw, in letterboxed pixels; of a slice where the picture
 *     was cut
 * @param inputHeight of what the network saw
 * @param all the objects, by falling confidence
 */
public record Detections(
    int width, int height, int inputWidth, int inputHeight, List<Detection> all)
    implements Iterable<Detection> {
  /** Copies the list. */
  public Detections {
    all = List.copyOf(all);
  }

  /** {@return how many there are} */
  public int size() {
    return all.size();
  }

  /** {@return whether there is none} */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * {@return the i-th best}
   *
   * @throws IndexOutOfBoundsException if there are not that many
   */
  public Detection get(int i) {
    return all.get(i);
  }

  /** {@return them as a stream, best first} */
  public Stream<Detection> stream() {
    return all.stream();
  }

  @Override
  public Iterator<Detection> iterator() {
    return all.iterator();
  }
}
