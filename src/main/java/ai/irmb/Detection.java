package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A detected object. Immutable.
 *
 * @param classId class id, from 0
 * @param label class name
 * @param confidence objectness × class probability, in [0, 1]
 * @param box in pixels of the original image
 * @param mask the object's pixels; null unless the model is a segmentation model and masks were
 *     requested
 */
public record Detection(int classId, String label, float confidence, Box box, @Nullable Mask mask) {
  /**
   * @throws IllegalArgumentException if the class is negative or the confidence not in [0, 1]
   */
  public Detection {
    requireNonNull(label, "label");
    requireNonNull(box, "box");
    if (classId < 0 || !(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("class " + classId + ", confidence " + confidence);
    }
  }

  /**
   * Creates a detection without a mask.
   *
   * @throws IllegalArgumentException if the class is negative or the confidence not in [0, 1]
   */
  public Detection(int classId, String label, float confidence, Box box) {
    this(classId, label, confidence, box, null);
  }

  /** {@return the detection as readable text: {@code RBC 0.91 at (12, 40) to (118, 151)}} */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %.2f at (%.0f, %.0f) to (%.0f, %.0f)",
        label,
        confidence,
        box.x1(),
        box.y1(),
        box.x2(),
        box.y2());
  }
}
