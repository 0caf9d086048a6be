package ai.irmb.internal.validate;

/** Curves of points, and the area under them, as upstream's {@code compute_ap} takes it. */
final class AveragePrecision {
  private static final int STEPS = 100;

  /** Recall with 0 before and 1 after, and the envelope of precision over it. */
  private final double[] recall;

  private final double[] envelope;

  /**
   * @param precision after each detection, best first
   * @param recall likewise
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

  /** {@return the area under the envelope, by 101 points} */
  double area() {
    double area = 0;
    double before = at(0);
    for (int i = 1; i <= STEPS; i++) {
      double value = at((double) i / STEPS);
      area += (before + value) / 2 / STEPS;
      before = value;
    }
    return area;
  }

  /** {@return the envelope's precision at a recall} */
  double at(double x) {
    return interpolate(x, recall, envelope, envelope[0]);
  }

  /**
   * {@return the value between the points of a rising x; of several at one x, the last counts}
   *
   * @param left what lies before the first; after the last lies the last
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
