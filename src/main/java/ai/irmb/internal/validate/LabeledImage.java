package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * An image of a data set and its labels. Immutable.
 *
 * @param file the image
 * @param labels the objects in it; none for a background image
 * @param outlines x and y of each corner of each object, relative to the image's size; empty if
 *     masks are not measured. The arrays are shared and must not be written.
 */
public record LabeledImage(Path file, List<Label> labels, List<float[]> outlines) {
  /**
   * A labeled object. Its box is relative to the image's size, from 0 to 1. Comparable, so that a
   * hash set stays fast even if a file chooses labels with equal hashes.
   *
   * @param classId class id, from 0
   * @param x of the center
   * @param y of the center
   * @param width of the box
   * @param height of the box
   */
  public record Label(int classId, float x, float y, float width, float height)
      implements Comparable<Label> {
    private static final Comparator<Label> ORDER =
        Comparator.comparingInt(Label::classId)
            .thenComparing(Label::x)
            .thenComparing(Label::y)
            .thenComparing(Label::width)
            .thenComparing(Label::height);

    @Override
    public int compareTo(Label other) {
      return ORDER.compare(this, other);
    }
  }

  /** Copies the lists. */
  public LabeledImage {
    requireNonNull(file, "file");
    labels = List.copyOf(labels);
    outlines = List.copyOf(outlines);
  }
}
