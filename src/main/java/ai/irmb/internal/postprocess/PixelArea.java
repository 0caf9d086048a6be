package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.LetterboxInverse;

/**
 * A rectangle of pixels of a map.
 *
 * @param left first column
 * @param top first row
 * @param right the column after the last
 * @param bottom the row after the last
 */
record PixelArea(int left, int top, int right, int bottom) {
  /** {@return the pixels of a map whose index is in [x1, x2) and [y1, y2); may be empty} */
  static PixelArea inside(float x1, float y1, float x2, float y2, int width, int height) {
    return new PixelArea(first(x1, width), first(y1, height), first(x2, width), first(y2, height));
  }

  /** {@return the pixels of a map in a box whose sides are scaled} */
  static PixelArea of(
      ScoredBoxes boxes, int row, float scaleX, float scaleY, int width, int height) {
    float[] box = boxes.boxes();
    return inside(
        box[4 * row] * scaleX,
        box[4 * row + 1] * scaleY,
        box[4 * row + 2] * scaleX,
        box[4 * row + 3] * scaleY,
        width,
        height);
  }

  /**
   * {@return the area of a map that shows the image, without the letterbox's padding: at least one
   * pixel}
   */
  static PixelArea unpadded(int mapWidth, int mapHeight, int width, int height) {
    return unpadded(
        mapWidth, mapHeight, LetterboxInverse.ofSizes(mapWidth, mapHeight, width, height));
  }

  /** {@return the area of a map that shows the image, with the padding of an inverse} */
  static PixelArea unpadded(int mapWidth, int mapHeight, LetterboxInverse inverse) {
    int left = (int) inverse.padX();
    int top = (int) inverse.padY();
    return new PixelArea(
        left,
        top,
        Math.max(left + 1, (int) (mapWidth - inverse.padX())),
        Math.max(top + 1, (int) (mapHeight - inverse.padY())));
  }

  /** {@return the smallest index that is not below a position, clipped to 0 to length} */
  private static int first(float position, int length) {
    return Math.max(0, Math.min(length, (int) Math.ceil(position)));
  }

  /** {@return the output pixels that are interpolated from this area} */
  PixelArea outputsTouching(AxisInterpolation columns, AxisInterpolation rows) {
    return new PixelArea(
        columns.from(left), rows.from(top), columns.until(right), rows.until(bottom));
  }

  /** {@return the source pixels that this area of the output is interpolated from; never empty} */
  PixelArea sources(AxisInterpolation columns, AxisInterpolation rows) {
    return new PixelArea(
        columns.first(left),
        rows.first(top),
        columns.second(right - 1) + 1,
        rows.second(bottom - 1) + 1);
  }

  /** {@return the intersection, which may be empty} */
  PixelArea intersection(PixelArea other) {
    return new PixelArea(
        Math.max(left, other.left),
        Math.max(top, other.top),
        Math.min(right, other.right),
        Math.min(bottom, other.bottom));
  }

  /** {@return this area, translated} */
  PixelArea movedBy(int x, int y) {
    return new PixelArea(left + x, top + y, right + x, bottom + y);
  }

  int width() {
    return right - left;
  }

  int height() {
    return bottom - top;
  }

  boolean isEmpty() {
    return right <= left || bottom <= top;
  }
}
