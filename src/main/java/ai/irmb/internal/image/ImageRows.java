package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;

/** An image that is made row by row. Not safe for concurrent use. */
interface ImageRows {
  /**
   * Writes row {@code y}, R G B of each pixel, from {@code at} on. Rows are asked for from the top.
   */
  void row(int y, byte[] out, int at);

  /** {@return the image's own rows} */
  static ImageRows of(RgbImage image) {
    int bytes = 3 * image.width();
    return (y, out, at) ->
        System.arraycopy(RgbImageAccess.pixels(image), y * bytes, out, at, bytes);
  }

  /** {@return all rows as one image} */
  default RgbImage toImage(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      row(y, pixels, 3 * y * width);
    }
    return RgbImageAccess.wrap(width, height, pixels);
  }
}
