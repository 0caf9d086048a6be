package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;

/** An image that is computed row by row. Not safe for concurrent use. */
interface RowSource {
  /**
   * Writes row {@code y}, R, G, B of each pixel, to {@code out} from index {@code at}. Rows are
   * read from the top.
   */
  void readRow(int y, byte[] out, int at);

  /** {@return the rows of an image, unchanged} */
  static RowSource of(RgbImage image) {
    int bytes = 3 * image.width();
    return (y, out, at) ->
        System.arraycopy(RgbImageAccess.pixels(image), y * bytes, out, at, bytes);
  }

  /** {@return all rows as one image} */
  default RgbImage toImage(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      readRow(y, pixels, 3 * y * width);
    }
    return RgbImageAccess.wrap(width, height, pixels);
  }
}
