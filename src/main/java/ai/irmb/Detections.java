package ai.irmb;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found in one image, best first. Immutable; holds nothing native.
 *
 * @param width of the image, in pixels
 * @param height of the image
 * @param inputWidth of what the network saw, in letterboxed pixels; of a slice where the image was
 *     cut
 * @param inputHeight of what the network saw
 * @param list the objects, by falling confidence
 */
public record Detections(
    int width, int height, int inputWidth, int inputHeight, List<Detection> list)
    implements Iterable<Detection> {
  /** Copies the list. */
  public Detections {
    list = List.copyOf(list);
  }

  /** {@return how many there are} */
  public int size() {
    return list.size();
  }

  /** {@return whether there is none} */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /**
   * {@return the i-th best}
   *
   * @throws IndexOutOfBoundsException if there are not that many
   */
  public Detection get(int i) {
    return list.get(i);
  }

  /** {@return them as a stream, best first} */
  public Stream<Detection> stream() {
    return list.stream();
  }

  @Override
  public Iterator<Detection> iterator() {
    return list.iterator();
  }
}
