package ai.irmb.internal.postprocess;

/** A line between two pixels, cut to an image as OpenCV does: the cut point is truncated. */
final class ClippedLine {
  int x1;
  int y1;
  int x2;
  int y2;

  ClippedLine(int x1, int y1, int x2, int y2) {
    this.x1 = x1;
    this.y1 = y1;
    this.x2 = x2;
    this.y2 = y2;
  }

  /**
   * Cuts the line, at the upper and lower side first.
   *
   * @param right the last column
   * @param bottom the last row
   * @return whether any of it is in the image
   */
  boolean clip(int right, int bottom) {
    if (outside(right, bottom)) {
      return false;
    }
    if (y1 < 0 || y1 > bottom) {
      int y = y1 < 0 ? 0 : bottom;
      x1 += (int) ((y - (double) y1) * ((double) x2 - x1) / ((double) y2 - y1));
      y1 = y;
    }
    if (y2 < 0 || y2 > bottom) {
      int y = y2 < 0 ? 0 : bottom;
      x2 += (int) ((y - (double) y2) * ((double) x2 - x1) / ((double) y2 - y1));
      y2 = y;
    }
    if (outside(right, bottom)) {
      return false;
    }
    if (x1 < 0 || x1 > right) {
      int x = x1 < 0 ? 0 : right;
      y1 += (int) ((x - (double) x1) * ((double) y2 - y1) / ((double) x2 - x1));
      x1 = x;
    }
    if (x2 < 0 || x2 > right) {
      int x = x2 < 0 ? 0 : right;
      y2 += (int) ((x - (double) x2) * ((double) y2 - y1) / ((double) x2 - x1));
      x2 = x;
    }
    return true;
  }

  /** {@return whether both ends are beyond the same side} */
  private boolean outside(int right, int bottom) {
    return Math.max(x1, x2) < 0
        || Math.max(y1, y2) < 0
        || Math.min(x1, x2) > right
        || Math.min(y1, y2) > bottom;
  }
}
