package ai.irmb.internal.validate;

/** The precision envelope over recall and the area below it, as YOLOv5's {@code compute_ap} has. */
final class AveragePrecision {
  private static final int STEPS = 100;

  /** Recall after each detection, with 0 before the first and 1 after the last. */
  private final double[] recall;

  private final double[] envelope;

  /**
   * @param precision after each detection, best first
   * @param recall after each detection, best first
   */
  AveragePrecision(double[] precision, double[] recall) {
    int n = precision.length;
    this.recall = new double[n + 2];
    this.envelope = new double[n + 2];
    System.arraycopy(recall, 0, this.recall, 1, n);
    System.arraycopy(precision, 0, envelope, 1, n);
    this.recall[n + 1] = 1;
    envelope[0] = 1;
    for (int i = n; i >= 0; i--) {
      envelope[i] = Math.max(envelope[i], envelope[i + 1]);
    }
  }

  /** {@return the area below the envelope, by the trapezoidal rule over 101 points} */
  double area() {
    double area = 0;
    double previous = precisionAt(0);
    for (int i = 1; i <= STEPS; i++) {
      double value = precisionAt((double) i / STEPS);
      area += (previous + value) / 2 / STEPS;
      previous = value;
    }
    return area;
  }

  /** {@return the envelope's precision at a recall} */
  double precisionAt(double x) {
    return interpolate(x, recall, envelope, envelope[0]);
  }

  /**
   * {@return the linear interpolation of points with ascending x, as NumPy's {@code interp}; of
   * several points with one x, the last counts}
   *
   * @param left the value before the first point; after the last point it is that point's value
   */
  static double interpolate(double at, double[] x, double[] y, double left) {
    if (at < x[0]) {
      return left;
    }
    int low = 0;
    int high = x.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (x[middle] <= at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    if (low == x.length - 1 || x[low] == at) {
      return y[low];
    }
    return (y[low + 1] - y[low]) / (x[low + 1] - x[low]) * (at - x[low]) + y[low];
  }
}
