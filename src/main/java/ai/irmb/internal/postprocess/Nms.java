package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression as upstream does with torchvision: the best box stays, those that
 * overlap it too much go, and so on.
 *
 * <p>Boxes of different classes are moved apart by an offset and then treated alike. The offset
 * boxes are rounded to single precision, and so is everything computed from them, because that
 * decides which box is a hair over the threshold.
 *
 * <p>Immutable and safe for concurrent use.
 *
 * @param iouThreshold in [0, 1]; a box goes when its IoU with a kept one is strictly greater
 * @param classAgnostic whether boxes suppress those of other classes
 * @param maxCandidates only so many of the best are looked at, at least 1; upstream has 30,000
 * @param maxDetections at most so many stay, at least 1; upstream has 300
 */
public record Nms(
    double iouThreshold, boolean classAgnostic, int maxCandidates, int maxDetections) {
  /** Upstream's number of candidates. */
  public static final int MAX_CANDIDATES = 30_000;

  /** Larger than any image, as upstream has it. */
  private static final float CLASS_OFFSET = 7680f;

  /**
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public Nms {
    if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
      throw new IllegalArgumentException("IoU threshold must be in [0, 1], not " + iouThreshold);
    }
    if (maxCandidates < 1 || maxDetections < 1) {
      throw new IllegalArgumentException("at least one candidate and one detection");
    }
  }

  /**
   * {@return the rows that stay, best first, in new arrays; ties keep the order of rows}
   *
   * @param candidates x1 ≤ x2, y1 ≤ y2; not modified
   */
  public ScoredBoxes suppress(ScoredBoxes candidates) {
    int[] order = bestFirst(candidates);
    int most = Math.min(order.length, maxDetections);
    int[] kept = new int[most];
    Kept shapes = new Kept(most);
    int count = 0;
    for (int i = 0; i < order.length && count < most; i++) {
      int row = order[i];
      float offset = classAgnostic ? 0f : candidates.classes()[row] * CLASS_OFFSET;
      if (shapes.admit(candidates.boxes(), 4 * row, offset, iouThreshold)) {
        kept[count++] = row;
      }
    }
    return candidates.select(Arrays.copyOf(kept, count));
  }

  private int[] bestFirst(ScoredBoxes rows) {
    long[] keys = new long[rows.count()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) descending(rows.scores()[i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] order = new int[Math.min(keys.length, maxCandidates)];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** {@return a number that grows as the score falls, for any score but NaN} */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score);
    return bits >= 0 ? ~bits : bits & Integer.MAX_VALUE;
  }

  /** The boxes that stay, side by side for speed. */
  private static final class Kept {
    private final float[] x1;
    private final float[] y1;
    private final float[] x2;
    private final float[] y2;
    private final float[] areas;
    private int count;

    Kept(int most) {
      x1 = new float[most];
      y1 = new float[most];
      x2 = new float[most];
      y2 = new float[most];
      areas = new float[most];
    }

    /** {@return whether the box overlaps none that stays; it then stays too} */
    boolean admit(float[] boxes, int at, float offset, double threshold) {
      float left = boxes[at] + offset;
      float top = boxes[at + 1] + offset;
      float right = boxes[at + 2] + offset;
      float bottom = boxes[at + 3] + offset;
      float area = (right - left) * (bottom - top);
      for (int i = 0; i < count; i++) {
        float width = Math.min(x2[i], right) - Math.max(x1[i], left);
        float height = Math.min(y2[i], bottom) - Math.max(y1[i], top);
        if (width > 0 && height > 0) {
          float shared = width * height;
          // The threshold is a double and the IoU a float: 0.45 is more than 0.45f.
          if (shared / (areas[i] + area - shared) > threshold) {
            return false;
          }
        }
      }
      x1[count] = left;
      y1[count] = top;
      x2[count] = right;
      y2[count] = bottom;
      areas[count++] = area;
      return true;
    }
  }
}
