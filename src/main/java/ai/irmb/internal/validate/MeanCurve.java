package ai.irmb.internal.validate;

import ai.irmb.validate.Curves;
import java.util.Collection;
import java.util.function.Function;

/** The mean of a curve over the classes, its smoothed form and its maximum. */
public final class MeanCurve {
  private MeanCurve() {}

  /** {@return the mean over the classes, point by point} */
  public static double[] of(Collection<Curves> classes, Function<Curves, double[]> curve) {
    double[] mean = new double[Curves.POINTS];
    for (Curves c : classes) {
      double[] values = curve.apply(c);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += values[i] / classes.size();
      }
    }
    return mean;
  }

  /**
   * {@return a curve smoothed by a moving average whose ends are padded with the outermost values,
   * as YOLOv5's {@code smooth} does}
   *
   * @param fraction of the axis that the window spans, in (0, 1)
   */
  public static double[] smoothed(double[] curve, double fraction) {
    int half = (int) Math.rint(curve.length * fraction * 2) / 4;
    double[] smoothed = new double[curve.length];
    for (int i = 0; i < curve.length; i++) {
      double sum = 0;
      for (int k = i - half; k <= i + half; k++) {
        sum += curve[Math.min(Math.max(k, 0), curve.length - 1)];
      }
      smoothed[i] = sum / (2 * half + 1);
    }
    return smoothed;
  }

  /** {@return the first index of the greatest value} */
  public static int indexOfMax(double[] curve) {
    int best = 0;
    for (int i = 1; i < curve.length; i++) {
      best = curve[i] > curve[best] ? i : best;
    }
    return best;
  }
}
