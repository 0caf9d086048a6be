package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

/**
 * An image of a data set and what is in it. Immutable.
 *
 * @param file the image
 * @param labels its objects; none for a background
 */
public record LabeledImage(Path file, List<ImageLabel> labels) {
  /**
   * One object, in parts of the image's sides, from 0 to 1.
   *
   * @param classId its class, from 0
   * @param x of its centre
   * @param y of its centre
   * @param width of its box
   * @param height of its box
   */
  public record ImageLabel(int classId, float x, float y, float width, float height) {}

  /** Copies the list. */
  public LabeledImage {
    requireNonNull(file, "file");
    labels = List.copyOf(labels);
  }
}
