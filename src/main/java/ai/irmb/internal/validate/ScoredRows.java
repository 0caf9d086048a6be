package ai.irmb.internal.validate;

import java.util.Arrays;

/**
 * The detections of one class over all images: how sure, and right at which thresholds; packed,
 * since there may be millions. Not safe for concurrent use.
 */
final class ScoredRows {
  /** The score, descending, above the number of the detection: sorting keeps the order of ties. */
  private long[] keys = new long[64];

  private short[] right = new short[64];
  private int count;

  /**
   * @param score in [0, 1]
   * @param right a bit for each threshold
   */
  void add(float score, int right) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(count, 2));
      this.right = Arrays.copyOf(this.right, keys.length);
    }
    // For numbers that are not negative the bits order as the numbers do.
    keys[count] = (long) ~Float.floatToIntBits(score) << 32 | count;
    this.right[count++] = (short) right;
  }

  int count() {
    return count;
  }

  /** Puts the surest first. */
  void sort() {
    Arrays.sort(keys, 0, count);
  }

  /** {@return at which thresholds the detection at a rank is right} */
  int right(int rank) {
    return right[(int) keys[rank]];
  }

  /** {@return minus the scores, which rise when sorted} */
  double[] falling() {
    double[] falling = new double[count];
    Arrays.setAll(falling, i -> -Float.intBitsToFloat(~(int) (keys[i] >> 32)));
    return falling;
  }
}
