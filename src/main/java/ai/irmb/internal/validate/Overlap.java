package ai.irmb.internal.validate;

/** Intersection over union as upstream's metrics have it, in single precision. */
public final class Overlap {
  private static final float TINY = 1e-7f;

  private Overlap() {}

  /** {@return the IoU of the box at {@code i} in {@code a} and that at {@code j} in {@code b}} */
  public static float iou(float[] a, int i, float[] b, int j) {
    float w = Math.max(0, Math.min(a[i + 2], b[j + 2]) - Math.max(a[i], b[j]));
    float h = Math.max(0, Math.min(a[i + 3], b[j + 3]) - Math.max(a[i + 1], b[j + 1]));
    float both = w * h;
    float first = (a[i + 2] - a[i]) * (a[i + 3] - a[i + 1]);
    float second = (b[j + 2] - b[j]) * (b[j + 3] - b[j + 1]);
    return both / (first + second - both + TINY);
  }
}
