package ai.irmb;

import ai.irmb.image.RgbImage;

/**
 * Where the slices of one image lie: columns and rows of one size, spread evenly, numbered row by
 * row. Immutable.
 *
 * @param width of the image
 * @param height of the image
 * @param sliceWidth at most the image's
 * @param sliceHeight at most the image's
 * @param columns at least 1
 * @param rows at least 1
 */
record Tiling(int width, int height, int sliceWidth, int sliceHeight, int columns, int rows) {
  /** More would take hours, and is a slip. */
  private static final int MOST = 10_000;

  /**
   * {@return the fewest slices that overlap by this share at least}
   *
   * @throws IllegalArgumentException if they are too many
   */
  static Tiling of(int width, int height, int sliceWidth, int sliceHeight, double overlap) {
    int columns = count(width, sliceWidth, overlap);
    int rows = count(height, sliceHeight, overlap);
    if ((long) columns * rows > MOST) {
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
              + MOST
              + " are allowed, make them larger");
    }
    return new Tiling(
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

  /** {@return the first column of the slices in a column} */
  int x(int index) {
    return start(index % columns, columns, width - sliceWidth);
  }

  /** {@return the first row of a slice} */
  int y(int index) {
    return start(index / columns, rows, height - sliceHeight);
  }

  private static int start(int i, int count, int last) {
    return count == 1 ? 0 : (int) ((long) i * last / (count - 1));
  }

  /** {@return a slice's own copy of its pixels} */
  RgbImage cut(RgbImage image, int index) {
    return image.crop(x(index), y(index), sliceWidth, sliceHeight);
  }

  /** {@return whether an object of this size may be cut in all slices} */
  boolean isLarge(Box box) {
    return (columns > 1 && box.width() > overlap(columns, sliceWidth, width))
        || (rows > 1 && box.height() > overlap(rows, sliceHeight, height));
  }

  /** The least overlap of neighbours, in pixels. */
  private static int overlap(int count, int slice, int side) {
    int longest = (side - slice + count - 2) / (count - 1);
    return slice - longest;
  }
}
