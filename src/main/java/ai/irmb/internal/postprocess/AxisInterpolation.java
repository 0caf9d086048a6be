package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.OpenCvSampling;

/**
 * One axis of a bilinear resize: per output pixel, the two source pixels that it is interpolated
 * from and the weight of the second. Immutable.
 */
final class AxisInterpolation {
  private final int[] first;
  private final int[] second;
  private final float[] fraction;
  private final int[] next;

  private AxisInterpolation(int[] first, int[] second, float[] fraction) {
    this.first = first;
    this.second = second;
    this.fraction = fraction;
    this.next = new int[first.length];
    for (int i = first.length - 1; i >= 0; i--) {
      boolean isSamePair =
          i + 1 < first.length && first[i + 1] == first[i] && second[i + 1] == second[i];
      next[i] = isSamePair ? next[i + 1] : i + 1;
    }
  }

  /** {@return the positions of PyTorch's {@code interpolate} with {@code align_corners=False}} */
  static AxisInterpolation torch(int sourceLength, int length) {
    int[] first = new int[length];
    int[] second = new int[length];
    float[] fraction = new float[length];
    float scale = (float) sourceLength / length;
    for (int i = 0; i < length; i++) {
      float position = Math.max(0f, scale * (i + 0.5f) - 0.5f);
      first[i] = Math.min((int) position, sourceLength - 1);
      second[i] = Math.min(first[i] + 1, sourceLength - 1);
      fraction[i] = position - first[i];
    }
    return new AxisInterpolation(first, second, fraction);
  }

  /** {@return the positions of the columns of OpenCV's {@code INTER_LINEAR}} */
  static AxisInterpolation openCvColumns(int sourceLength, int length) {
    AxisInterpolation columns = openCvRows(sourceLength, length);
    // Beyond an edge, a column uses the edge pixel alone; a row interpolates it with itself.
    for (int i = 0; i < length; i++) {
      if (columns.first[i] == columns.second[i]) {
        columns.fraction[i] = 0;
      }
    }
    return columns;
  }

  /** {@return the positions of the rows of OpenCV's {@code INTER_LINEAR}} */
  static AxisInterpolation openCvRows(int sourceLength, int length) {
    int[] first = new int[length];
    int[] second = new int[length];
    float[] fraction = new float[length];
    OpenCvSampling sampling = new OpenCvSampling(sourceLength, length);
    for (int i = 0; i < length; i++) {
      float position = sampling.position(i);
      int at = (int) Math.floor(position);
      first[i] = Math.max(0, Math.min(at, sourceLength - 1));
      second[i] = Math.max(0, Math.min(at + 1, sourceLength - 1));
      fraction[i] = position - at;
    }
    return new AxisInterpolation(first, second, fraction);
  }

  int length() {
    return first.length;
  }

  /** {@return the first source pixel of an output pixel} */
  int first(int index) {
    return first[index];
  }

  /** {@return the second source pixel, the same as the first at an edge} */
  int second(int index) {
    return second[index];
  }

  /** {@return the weight of the second, in [0, 1]} */
  float fraction(int index) {
    return fraction[index];
  }

  /** {@return the first output pixel that uses a source pixel at or after this one} */
  int from(int source) {
    return search(second, source);
  }

  /** {@return the end of the output pixels that use a source pixel before this one} */
  int until(int source) {
    return search(first, source);
  }

  /** {@return the end of the output pixels that use the same two source pixels} */
  int next(int index) {
    return next[index];
  }

  /** {@return the first index whose value is at least the minimum; values are ascending} */
  private static int search(int[] values, int min) {
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] < min) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
