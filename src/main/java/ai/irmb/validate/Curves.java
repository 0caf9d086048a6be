package ai.irmb.validate;

/**
 * How precision and recall of one class go with the least confidence and with each other, at IoU
 * 0.5. Every array has 1000 points, of an axis from 0 to 1 with both ends. Immutable: the arrays
 * are copies and belong to the caller.
 */
public final class Curves {
  /** How many points a curve has. */
  public static final int POINTS = 1000;

  private static final double TINY = 1e-16;

  private final String name;
  private final int labels;
  private final double[] precision;
  private final double[] recall;
  private final double[] precisionAtRecall;
  private final double map50;

  /** Takes the arrays over. */
  public Curves(
      String name,
      int labels,
      double[] precision,
      double[] recall,
      double[] precisionAtRecall,
      double map50) {
    this.name = name;
    this.labels = labels;
    this.precision = precision;
    this.recall = recall;
    this.precisionAtRecall = precisionAtRecall;
    this.map50 = map50;
  }

  /** {@return the name of the class} */
  public String name() {
    return name;
  }

  /** {@return how many objects it has, at least 1} */
  public int labels() {
    return labels;
  }

  /** {@return precision over confidence} */
  public double[] precision() {
    return precision.clone();
  }

  /** {@return recall over confidence} */
  public double[] recall() {
    return recall.clone();
  }

  /** {@return the envelope of precision over recall, of which the average precision is taken} */
  public double[] precisionAtRecall() {
    return precisionAtRecall.clone();
  }

  /** {@return the average precision} */
  public double map50() {
    return map50;
  }

  /** {@return the harmonic mean of precision and recall, over confidence} */
  public double[] f1() {
    double[] f1 = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      f1[i] = 2 * precision[i] * recall[i] / (precision[i] + recall[i] + TINY);
    }
    return f1;
  }

  /**
   * {@return a curve smoothed by a moving mean, its ends held, as upstream does before it looks for
   * the best}
   *
   * @param part of the axis that the window spans, in (0, 1)
   */
  public static double[] smooth(double[] curve, double part) {
    int half = (int) Math.rint(curve.length * part * 2) / 4;
    double[] smooth = new double[curve.length];
    for (int i = 0; i < curve.length; i++) {
      double sum = 0;
      for (int k = i - half; k <= i + half; k++) {
        sum += curve[Math.min(Math.max(k, 0), curve.length - 1)];
      }
      smooth[i] = sum / (2 * half + 1);
    }
    return smooth;
  }
}
