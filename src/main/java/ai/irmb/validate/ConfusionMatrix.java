package ai.irmb.validate;

import java.util.Arrays;

/**
 * The number of objects of each class that were detected as each class. Counted are detections with
 * confidence above 0.25 and IoU above 0.45 with a label, matched one to one, as YOLOv5 does. The
 * last row and column are the background: detections without an object, and objects without a
 * detection. (YOLOv5 leaves out the detections of images without any match; here they count.)
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class ConfusionMatrix {
  private final long[][] counts;

  /**
   * @param counts square, one row per predicted class and one column per actual class, the
   *     background last; copied
   * @throws IllegalArgumentException if it is not square, or empty
   */
  public ConfusionMatrix(long[][] counts) {
    this.counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    if (counts.length == 0 || Arrays.stream(counts).anyMatch(row -> row.length != counts.length)) {
      throw new IllegalArgumentException("counts: expected a square matrix with a background");
    }
  }

  /** {@return the number of classes, without the background} */
  public int classes() {
    return counts.length - 1;
  }

  /**
   * {@return the number of objects of one class that were detected as another}
   *
   * @param predicted class, or {@link #classes()} for objects without a detection
   * @param actual class, or {@link #classes()} for detections without an object
   */
  public long count(int predicted, int actual) {
    return counts[predicted][actual];
  }

  /** {@return the fraction of a class's objects that were detected as a class; 0 if it has none} */
  public double fraction(int predicted, int actual) {
    long total = 0;
    for (long[] row : counts) {
      total += row[actual];
    }
    return total == 0 ? 0 : (double) counts[predicted][actual] / total;
  }
}
