package ai.irmb.image;

/**
 * OpenCV's {@code INTER_LINEAR} for 8 bits, bit for bit: weights of 11 bits, rows first across and
 * then down, where three shifts throw bits away one by one.
 *
 * <p>Two source rows are held, already resized across, so each is resized once however many rows it
 * serves.
 */
final class LinearResize implements PlanarRows {
  private static final int ONE = 1 << 11;

  private final byte[] pixels;
  private final int sourceWidth;
  private final int sourceHeight;
  private final int width;
  private final int height;

  /** For each output column: bytes to its left and right neighbour, then both weights. */
  private final int[] left;

  private final int[] right;
  private final int[] leftWeight;
  private final int[] rightWeight;

  private int[] upper;
  private int[] lower;
  private int upperRow = -1;
  private int lowerRow = -1;

  LinearResize(RgbImage picture, int width, int height) {
    this.pixels = picture.pixels();
    this.sourceWidth = picture.width();
    this.sourceHeight = picture.height();
    this.width = width;
    this.height = height;
    this.left = new int[width];
    this.right = new int[width];
    this.leftWeight = new int[width];
    this.rightWeight = new int[width];
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
    boolean isLast = column >= sourceWidth - 1;
    if (isLast) {
      column = sourceWidth - 1;
      fraction = 0;
    }
    left[x] = 3 * column;
    right[x] = isLast ? left[x] : left[x] + 3;
    leftWeight[x] = weight(1f - fraction);
    rightWeight[x] = weight(fraction);
  }

  private static int weight(float fraction) {
    return (int) Math.rint(fraction * ONE);
  }

  @Override
  public void row(int y, byte[] out, int at, int plane) {
    float position = position(y, height, sourceHeight);
    int row = (int) Math.floor(position);
    float fraction = position - row;
    // Unlike columns, rows beyond the edge keep their weights: only the row is clipped.
    load(clip(row), clip(row + 1));
    int[] second = lowerRow == clip(row + 1) ? lower : upper;
    int above = weight(1f - fraction);
    int below = weight(fraction);
    for (int c = 0; c < 3; c++) {
      mix(upper, above, second, below, c * width, out, at + c * plane);
    }
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
    int start = 3 * row * sourceWidth;
    for (int x = 0; x < width; x++) {
      int a = start + left[x];
      int b = start + right[x];
      int wa = leftWeight[x];
      int wb = rightWeight[x];
      into[x] = ((pixels[a] & 0xFF) * wa + (pixels[b] & 0xFF) * wb) >> 4;
      into[width + x] = ((pixels[a + 1] & 0xFF) * wa + (pixels[b + 1] & 0xFF) * wb) >> 4;
      into[2 * width + x] = ((pixels[a + 2] & 0xFF) * wa + (pixels[b + 2] & 0xFF) * wb) >> 4;
    }
  }

  private void mix(int[] first, int above, int[] second, int below, int from, byte[] out, int at) {
    for (int x = 0; x < width; x++) {
      int sum = ((above * first[from + x]) >> 16) + ((below * second[from + x]) >> 16);
      out[at + x] = (byte) ((sum + 2) >> 2);
    }
  }
}
