package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * An image of a data set and its labels. Immutable.
 *
 * @param file the image
 * @param labels the objects in it; none for a background image
 */
public record LabeledImage(Path file, List<Label> labels) {
  /**
   * A labeled object. Its box is relative to the image's size, from 0 to 1.
   *
   * @param classId class id, from 0
   * @param x of the center
   * @param y of the center
   * @param width of the box
   * @param height of the box
   */
  public record Label(int classId, float x, float y, float width, float height) {}

  /** Copies the list. */
  public LabeledImage {
    requireNonNull(file, "file");
    labels = List.copyOf(labels);
  }
}
