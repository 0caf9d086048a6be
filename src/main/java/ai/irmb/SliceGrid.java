package ai.irmb;

import ai.irmb.image.RgbImage;

/**
 * The positions of an image's slices: evenly spaced columns and rows of one size, in row-major
 * order. Immutable.
 *
 * @param width of the image
 * @param height of the image
 * @param sliceWidth at most the image's
 * @param sliceHeight at most the image's
 * @param columns at least 1
 * @param rows at least 1
 */
record SliceGrid(int width, int height, int sliceWidth, int sliceHeight, int columns, int rows) {
  /** More slices would take hours, and are taken for a mistake. */
  private static final int MAX_SLICES = 10_000;

  /**
   * {@return the smallest grid whose slices overlap by at least a fraction of their side}
   *
   * @throws IllegalArgumentException if they are too many
   */
  static SliceGrid of(int width, int height, int sliceWidth, int sliceHeight, double overlap) {
    int columns = count(width, sliceWidth, overlap);
    int rows = count(height, sliceHeight, overlap);
    if ((long) columns * rows > MAX_SLICES) {
      throw new IllegalArgumentException(
          "slices: an image of "
              + width
              + " x "
              + height
              + " has "
              + (long) columns * rows
              + " of "
              + sliceWidth
              + " x "
              + sliceHeight
              + "; at most "
              + MAX_SLICES
              + " are allowed, make them larger");
    }
    return new SliceGrid(
        width, height, Math.min(width, sliceWidth), Math.min(height, sliceHeight), columns, rows);
  }

  private static int count(int side, int slice, double overlap) {
    if (side <= slice) {
      return 1;
    }
    int step = Math.max(slice - (int) Math.ceil(slice * overlap), 1);
    return (side - slice + step - 1) / step + 1;
  }

  int count() {
    return columns * rows;
  }

  /** {@return the x coordinate of a slice} */
  int x(int index) {
    return start(index % columns, columns, width - sliceWidth);
  }

  /** {@return the y coordinate of a slice} */
  int y(int index) {
    return start(index / columns, rows, height - sliceHeight);
  }

  private static int start(int i, int count, int last) {
    return count == 1 ? 0 : (int) ((long) i * last / (count - 1));
  }

  /** {@return a copy of a slice's pixels} */
  RgbImage crop(RgbImage image, int index) {
    return image.crop(x(index), y(index), sliceWidth, sliceHeight);
  }

  /** {@return whether an object of this size may be cut in every slice} */
  boolean isLarge(Box box) {
    return (columns > 1 && box.width() > overlap(columns, sliceWidth, width))
        || (rows > 1 && box.height() > overlap(rows, sliceHeight, height));
  }

  /** {@return the minimum overlap of neighbors, in pixels} */
  private static int overlap(int count, int slice, int side) {
    int maxStep = (side - slice + count - 2) / (count - 1);
    return slice - maxStep;
  }
}
