package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One object that was found. Immutable.
 *
 * @param classId its class, from 0
 * @param label the class's name
 * @param confidence objectness × class confidence, in [0, 1]
 * @param box where it is, in original pixels
 * @param mask which of the image's pixels are its own; null unless the model segments and masks
 *     were asked for
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
   * One without a mask.
   *
   * @throws IllegalArgumentException if the class is negative or the confidence not in [0, 1]
   */
  public Detection(int classId, String label, float confidence, Box box) {
    this(classId, label, confidence, box, null);
  }

  /** {@return one line for a person: {@code RBC 0.91 at (12, 40) to (118, 151)}} */
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
