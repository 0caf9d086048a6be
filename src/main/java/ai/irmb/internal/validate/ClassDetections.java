package ai.irmb.internal.validate;

import java.util.Arrays;

/**
 * The detections of one class over all images: score, and the IoU thresholds at which each is a
 * true positive. Packed, since there may be millions. Not safe for concurrent use.
 */
final class ClassDetections {
  /** The score, descending, above the index of the detection: sorting keeps the order of ties. */
  private long[] keys = new long[64];

  private short[] truePositives = new short[64];
  private int count;

  /**
   * Adds a detection.
   *
   * @param score in [0, 1]
   * @param truePositive one bit per IoU threshold
   */
  void add(float score, int truePositive) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(count, 2));
      truePositives = Arrays.copyOf(truePositives, keys.length);
    }
    // Bits of non-negative floats are ordered as the floats are.
    keys[count] = (long) ~Float.floatToIntBits(score) << 32 | count;
    truePositives[count++] = (short) truePositive;
  }

  int count() {
    return count;
  }

  /** Sorts by descending score. */
  void sort() {
    Arrays.sort(keys, 0, count);
  }

  /** {@return one bit per IoU threshold, of the detection at a rank} */
  int truePositive(int rank) {
    return truePositives[(int) keys[rank]];
  }

  /** {@return the negated scores, ascending once sorted} */
  double[] negatedScores() {
    double[] negated = new double[count];
    Arrays.setAll(negated, i -> -Float.intBitsToFloat(~(int) (keys[i] >> 32)));
    return negated;
  }
}
