package ai.irmb.ops.torchscript;

/**
 * The boxes of one detection head whose objectness is large enough, in the order image, anchor,
 * row, column.
 *
 * @param columns numbers of a box
 * @param values a box after the other: x, y, width, height, objectness and classes after the
 *     sigmoid, not yet decoded to pixels; then mask coefficients as they are
 * @param places where each box was: image, anchor, row, column
 */
// The arrays are handed over, not shared: they are as large as all the boxes of a picture.
@SuppressWarnings("ArrayRecordComponent")
public record HeadRows(int columns, float[] values, long[] places) {
  /** {@return the number of boxes} */
  public int count() {
    return places.length / 4;
  }

  /** {@return one number of a box} */
  public float value(int row, int column) {
    return values[row * columns + column];
  }

  /** {@return which image of the batch a box is in} */
  public int image(int row) {
    return (int) places[4 * row];
  }

  /** {@return which anchor a box belongs to} */
  public int anchor(int row) {
    return (int) places[4 * row + 1];
  }

  /** {@return the row of the map that a box is at} */
  public int y(int row) {
    return (int) places[4 * row + 2];
  }

  /** {@return the column of the map that a box is at} */
  public int x(int row) {
    return (int) places[4 * row + 3];
  }
}
