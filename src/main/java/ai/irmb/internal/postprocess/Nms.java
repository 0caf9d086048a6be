package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression, as torchvision's {@code nms}: the most confident box is kept,
 * boxes that overlap it too much are removed, and so on.
 *
 * <p>As in YOLOv5, boxes of different classes are separated by an offset. The offset boxes and all
 * that is computed from them are in single precision, because rounding decides in borderline cases.
 *
 * <p>Immutable and safe for concurrent use.
 *
 * @param iouThreshold in [0, 1]; a box is removed if its IoU with a kept one is greater
 * @param classAgnostic whether boxes of different classes are compared too
 * @param maxCandidates maximum number of candidates, the most confident, at least 1
 * @param maxDetections maximum number of boxes that are kept, at least 1
 */
public record Nms(
    double iouThreshold, boolean classAgnostic, int maxCandidates, int maxDetections) {
  /** YOLOv5's {@code max_nms}. */
  public static final int MAX_CANDIDATES = 30_000;

  /** YOLOv5's {@code max_wh}, larger than any image. */
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
   * {@return the boxes that are kept, best first, in new arrays; ties keep their order}
   *
   * <p>They are {@link ScoredBoxes#truncated} if there were more candidates than the maximum, or if
   * another box would be kept but for the maximum of detections.
   *
   * @param candidates x1 ≤ x2, y1 ≤ y2; not modified
   */
  public ScoredBoxes suppress(ScoredBoxes candidates) {
    int[] order = bestFirst(candidates);
    int max = Math.min(order.length, maxDetections);
    int[] kept = new int[max];
    Kept shapes = new Kept(max);
    int count = 0;
    boolean truncated = order.length < candidates.count();
    for (int candidate : order) {
      float offset = classAgnostic ? 0f : candidates.classes()[candidate] * CLASS_OFFSET;
      if (count == max && truncated) {
        break;
      }
      if (shapes.admit(candidates.boxes(), 4 * candidate, offset, iouThreshold)) {
        if (count == max) {
          truncated = true;
        } else {
          kept[count++] = candidate;
        }
      }
    }
    return candidates.select(Arrays.copyOf(kept, count), truncated);
  }

  private int[] bestFirst(ScoredBoxes candidates) {
    long[] keys = new long[candidates.count()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) descending(candidates.scores()[i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] order = new int[Math.min(keys.length, maxCandidates)];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** {@return an integer key whose order is that of descending scores, NaN excepted} */
  private static int descending(float score) {
    int bits = Float.floatToIntBits(score);
    return bits >= 0 ? ~bits : bits & Integer.MAX_VALUE;
  }

  /** The kept boxes, one array per coordinate. */
  private static final class Kept {
    private final float[] x1;
    private final float[] y1;
    private final float[] x2;
    private final float[] y2;
    private final float[] areas;
    private int count;

    Kept(int max) {
      x1 = new float[max];
      y1 = new float[max];
      x2 = new float[max];
      y2 = new float[max];
      areas = new float[max];
    }

    /** {@return whether the box overlaps no kept box; it is then kept, if there is room} */
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
          float intersection = width * height;
          // The threshold is a double and the IoU a float: 0.45 is more than 0.45f.
          if (intersection / (areas[i] + area - intersection) > threshold) {
            return false;
          }
        }
      }
      if (count == x1.length) {
        return true;
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
