package ai.irmb.internal.postprocess;

/**
 * The set pixels of a mask, one bit each, of the rectangle around them only: 300 masks of 160 × 160
 * pixels need 1 MB at most. Immutable.
 */
public final class BinaryMask {
  /** Avoids a division by zero, as in YOLOv5. */
  private static final float EPSILON = 1e-7f;

  /** Words begin at multiples of 64 columns, so that those of two masks cover the same pixels. */
  private final int firstWord;

  private final int words;
  private final int top;
  private final int height;
  private final long[] bits;
  private final int count;

  /** Decides whether a pixel is set. */
  @FunctionalInterface
  interface Pixels {
    boolean isSet(int x, int y);
  }

  /**
   * @param area the only pixels that may be set; may be empty
   */
  BinaryMask(PixelArea area, Pixels pixels) {
    firstWord = area.left() / Long.SIZE;
    words = area.isEmpty() ? 0 : (area.right() - 1) / Long.SIZE + 1 - firstWord;
    top = area.top();
    height = area.isEmpty() ? 0 : area.height();
    bits = new long[words * height];
    int set = 0;
    for (int y = 0; y < height; y++) {
      for (int x = area.left(); x < area.right(); x++) {
        if (pixels.isSet(x, top + y)) {
          bits[y * words + x / Long.SIZE - firstWord] |= 1L << x;
          set++;
        }
      }
    }
    count = set;
  }

  /** {@return the number of set pixels} */
  public int count() {
    return count;
  }

  /** {@return intersection over union with another mask of the same size, in single precision} */
  public float iou(BinaryMask other) {
    int intersection = intersection(other);
    return intersection / ((float) count + other.count - intersection + EPSILON);
  }

  private int intersection(BinaryMask other) {
    int sum = 0;
    int left = Math.max(firstWord, other.firstWord);
    int right = Math.min(firstWord + words, other.firstWord + other.words);
    int bottom = Math.min(top + height, other.top + other.height);
    for (int y = Math.max(top, other.top); y < bottom; y++) {
      int row = (y - top) * words - firstWord;
      int otherRow = (y - other.top) * other.words - other.firstWord;
      for (int word = left; word < right; word++) {
        sum += Long.bitCount(bits[row + word] & other.bits[otherRow + word]);
      }
    }
    return sum;
  }
}
