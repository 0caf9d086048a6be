package ai.irmb.internal.validate;

/** Intersection over union as YOLOv5's metrics compute it, in single precision. */
final class BoxIou {
  /** Avoids a division by zero, as in YOLOv5. */
  private static final float EPSILON = 1e-7f;

  private BoxIou() {}

  /**
   * {@return the IoU of the box at {@code i} in {@code a} and the box at {@code j} in {@code b}}
   */
  static float of(float[] a, int i, float[] b, int j) {
    float w = Math.max(0, Math.min(a[i + 2], b[j + 2]) - Math.max(a[i], b[j]));
    float h = Math.max(0, Math.min(a[i + 3], b[j + 3]) - Math.max(a[i + 1], b[j + 1]));
    float intersection = w * h;
    float areaA = (a[i + 2] - a[i]) * (a[i + 3] - a[i + 1]);
    float areaB = (b[j + 2] - b[j]) * (b[j + 3] - b[j + 1]);
    return intersection / (areaA + areaB - intersection + EPSILON);
  }
}
