package ai.irmb.validate;

/**
 * Precision and recall of one class over the confidence threshold, and over each other, at IoU 0.5.
 * Every array has {@link #POINTS} values at evenly spaced positions from 0 to 1. Immutable; arrays
 * are copied in and out.
 */
public final class Curves {
  /** Number of points of a curve. */
  public static final int POINTS = 1000;

  /** Avoids a division by zero, as in YOLOv5. */
  private static final double EPSILON = 1e-16;

  private final double[] precision;
  private final double[] recall;
  private final double[] precisionOverRecall;

  /**
   * @param precision over confidence
   * @param recall over confidence
   * @param precisionOverRecall the precision envelope over recall
   * @throws IllegalArgumentException if an array does not have {@link #POINTS} values
   */
  public Curves(double[] precision, double[] recall, double[] precisionOverRecall) {
    this.precision = copy("precision", precision);
    this.recall = copy("recall", recall);
    this.precisionOverRecall = copy("precisionOverRecall", precisionOverRecall);
  }

  private static double[] copy(String name, double[] values) {
    if (values.length != POINTS) {
      throw new IllegalArgumentException(
          name + ": expected " + POINTS + " values, found " + values.length);
    }
    return values.clone();
  }

  /** {@return precision over confidence} */
  public double[] precision() {
    return precision.clone();
  }

  /** {@return recall over confidence} */
  public double[] recall() {
    return recall.clone();
  }

  /** {@return the precision envelope over recall; the area below it is the average precision} */
  public double[] precisionOverRecall() {
    return precisionOverRecall.clone();
  }

  /** {@return F1, the harmonic mean of precision and recall, over confidence} */
  public double[] f1() {
    double[] f1 = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      f1[i] = 2 * precision[i] * recall[i] / (precision[i] + recall[i] + EPSILON);
    }
    return f1;
  }
}
