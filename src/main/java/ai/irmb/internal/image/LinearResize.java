package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.OpenCvSampling;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * OpenCV's {@code INTER_LINEAR} for 8 bits, bit for bit: weights of 11 bits, first horizontally,
 * then vertically, where three shifts each drop bits.
 *
 * <p>Keeps two horizontally resized source rows, so that each source row is resized once.
 */
final class LinearResize implements RowSource {
  private static final int ONE = 1 << 11;

  /**
   * The bit at which the right neighbor's channel starts in a load that has the left neighbor's at
   * bit 0.
   */
  private static final int NEIGHBOR_SHIFT = 24;

  /** Masks one channel of both neighbors in a load: red, or green and blue after a shift. */
  private static final long NEIGHBOR_MASK = 0xFFL | 0xFFL << NEIGHBOR_SHIFT;

  /** Masks the 15 bits that are left of a 19-bit sum after a shift by 4. */
  private static final int SUM_MASK = (1 << 15) - 1;

  private static final VarHandle SIX_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] pixels;
  private final int sourceWidth;
  private final int sourceHeight;
  private final int width;

  private final OpenCvSampling rows;

  /** The first byte of the left neighbor, for each output column. */
  private final int[] left;

  /** The right neighbor's weight, and from bit 24 the left neighbor's, for each output column. */
  private final long[] weights;

  /** One source row, padded so that 8 bytes can be loaded at its last pixel. */
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
    this.rows = new OpenCvSampling(sourceHeight, height);
    this.left = new int[width];
    this.weights = new long[width];
    this.sourceRow = new byte[3 * sourceWidth + 8];
    this.mixed = new int[3 * width];
    this.upper = new int[3 * width];
    this.lower = new int[3 * width];
    OpenCvSampling columns = new OpenCvSampling(sourceWidth, width);
    for (int x = 0; x < width; x++) {
      initializeColumn(x, columns.position(x));
    }
  }

  private void initializeColumn(int x, float position) {
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
    weights[x] = weight(fraction) | (long) weight(1f - fraction) << NEIGHBOR_SHIFT;
  }

  private static int weight(float fraction) {
    return (int) Math.rint(fraction * ONE);
  }

  @Override
  public void readRow(int y, byte[] out, int at) {
    float position = rows.position(y);
    int row = (int) Math.floor(position);
    float fraction = position - row;
    // As in OpenCV, only the row index is clipped at the edge; the weights stay, unlike for
    // columns.
    selectRows(clip(row), clip(row + 1));
    int[] second = lowerRow == clip(row + 1) ? lower : upper;
    mix(upper, weight(1f - fraction), second, weight(fraction), out, at);
  }

  private int clip(int row) {
    return Math.max(0, Math.min(row, sourceHeight - 1));
  }

  /**
   * Sets {@code upper} to the first row, and {@code lower} to the second unless they are the same.
   */
  private void selectRows(int first, int second) {
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
      // One load contains both neighbors.
      long six = (long) SIX_BYTES.get(sourceRow, left[x]);
      long weight = weights[x];
      into[to] = sum(six, weight);
      into[to + 1] = sum(six >>> 8, weight);
      into[to + 2] = sum(six >>> 16, weight);
    }
  }

  /**
   * {@return the weighted sum of two neighbors, shifted right by 4}
   *
   * <p>The middle of the product (left + right·2²⁴) · (right's weight + left's weight·2²⁴) is the
   * sum: each term has at most 19 bits. One multiplication instead of two.
   */
  private static int sum(long six, long weight) {
    return (int) (((six & NEIGHBOR_MASK) * weight) >>> (NEIGHBOR_SHIFT + 4)) & SUM_MASK;
  }

  private void mix(int[] first, int above, int[] second, int below, byte[] out, int at) {
    int[] row = mixed;
    // Two loops: HotSpot vectorizes the first one only without the cast, and only with one index.
    for (int x = 0; x < row.length; x++) {
      int sum = ((above * first[x]) >> 16) + ((below * second[x]) >> 16);
      row[x] = (sum + 2) >> 2;
    }
    for (int x = 0; x < row.length; x++) {
      out[at + x] = (byte) row[x];
    }
  }
}
