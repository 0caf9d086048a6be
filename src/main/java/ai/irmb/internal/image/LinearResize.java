package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * OpenCV's {@code INTER_LINEAR} for 8 bits, bit for bit: weights of 11 bits, rows first across and
 * then down, where three shifts throw bits away one by one.
 *
 * <p>Two source rows are held, already resized across, so each is resized once however many rows it
 * serves.
 */
final class LinearResize implements ImageRows {
  private static final int ONE = 1 << 11;

  /** Where the right neighbour's colour starts in a load that has the left one's at 0. */
  private static final int NEIGHBOUR = 24;

  /** Both neighbours' red of a load; green and blue after a shift. */
  private static final long PAIR = 0xFFL | 0xFFL << NEIGHBOUR;

  /** What is left of a sum's 19 bits after the shift by 4. */
  private static final int SUM = (1 << 15) - 1;

  private static final VarHandle SIX_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] pixels;
  private final int sourceWidth;
  private final int sourceHeight;
  private final int width;
  private final int height;

  /** For each output column: the byte where its left neighbour starts. */
  private final int[] left;

  /** For each output column: the right neighbour's weight, and the left one's from bit 24. */
  private final long[] weights;

  /** A row of the source, with room for a load of 8 bytes at its last pixel. */
  private final byte[] sourceRow;

  private final int[] mixed;
  private int[] upper;
  private int[] lower;
  private int upperRow = -1;
  private int lowerRow = -1;

  LinearResize(RgbImage image, int width, int height) {
    this.pixels = RgbImageAccess.pixels(image);
    this.sourceWidth = image.width();
    this.sourceHeight = image.height();
    this.width = width;
    this.height = height;
    this.left = new int[width];
    this.weights = new long[width];
    this.sourceRow = new byte[3 * sourceWidth + 8];
    this.mixed = new int[3 * width];
    this.upper = new int[3 * width];
    this.lower = new int[3 * width];
    for (int x = 0; x < width; x++) {
      place(x);
    }
  }

  /** {@return the source position of an output position, of which the centres coincide} */
  private static float position(int index, int length, int sourceLength) {
    // Two divisions, as OpenCV has it: sourceLength / length differs in the last bit.
    double scale = 1.0 / ((double) length / sourceLength);
    return (float) ((index + 0.5) * scale - 0.5);
  }

  private void place(int x) {
    float position = position(x, width, sourceWidth);
    int column = (int) Math.floor(position);
    float fraction = position - column;
    if (column < 0) {
      column = 0;
      fraction = 0;
    }
    if (column >= sourceWidth - 1) {
      column = sourceWidth - 1;
      fraction = 0;
    }
    left[x] = 3 * column;
    weights[x] = weight(fraction) | (long) weight(1f - fraction) << NEIGHBOUR;
  }

  private static int weight(float fraction) {
    return (int) Math.rint(fraction * ONE);
  }

  @Override
  public void row(int y, byte[] out, int at) {
    float position = position(y, height, sourceHeight);
    int row = (int) Math.floor(position);
    float fraction = position - row;
    // Unlike columns, rows beyond the edge keep their weights: only the row is clipped.
    load(clip(row), clip(row + 1));
    int[] second = lowerRow == clip(row + 1) ? lower : upper;
    mix(upper, weight(1f - fraction), second, weight(fraction), out, at);
  }

  private int clip(int row) {
    return Math.max(0, Math.min(row, sourceHeight - 1));
  }

  /** Makes {@code upper} the first row, and {@code lower} the second unless they are the same. */
  private void load(int first, int second) {
    if (upperRow != first) {
      int[] swap = upper;
      upper = lower;
      lower = swap;
      int swapRow = upperRow;
      upperRow = lowerRow;
      lowerRow = swapRow;
      if (upperRow != first) {
        resizeAcross(first, upper);
        upperRow = first;
      }
    }
    if (second != first && lowerRow != second) {
      resizeAcross(second, lower);
      lowerRow = second;
    }
  }

  private void resizeAcross(int row, int[] into) {
    System.arraycopy(pixels, 3 * row * sourceWidth, sourceRow, 0, 3 * sourceWidth);
    for (int x = 0, to = 0; x < width; x++, to += 3) {
      // One load has both neighbours.
      long six = (long) SIX_BYTES.get(sourceRow, left[x]);
      long weight = weights[x];
      into[to] = sum(six, weight);
      into[to + 1] = sum(six >>> 8, weight);
      into[to + 2] = sum(six >>> 16, weight);
    }
  }

  /**
   * {@return the weighted sum of two neighbours, less 4 bits}
   *
   * <p>Of the product of (left + right·2²⁴) and (right's weight + left's weight·2²⁴), the middle is
   * the sum: no part has more than 19 bits.
   */
  private static int sum(long six, long weight) {
    return (int) (((six & PAIR) * weight) >>> (NEIGHBOUR + 4)) & SUM;
  }

  private void mix(int[] first, int above, int[] second, int below, byte[] out, int at) {
    int[] row = mixed;
    // Two loops, since the compiler makes vector instructions of the first only without the cast,
    // and only because all its indices are the same.
    for (int x = 0; x < row.length; x++) {
      int sum = ((above * first[x]) >> 16) + ((below * second[x]) >> 16);
      row[x] = (sum + 2) >> 2;
    }
    for (int x = 0; x < row.length; x++) {
      out[at + x] = (byte) row[x];
    }
  }
}
