package ai.irmb.image;

/** A picture that is made row by row. Not safe for concurrent use. */
interface PictureRows {
  /**
   * Writes row {@code y}, R G B of each pixel, from {@code at} on. Rows are asked for from the top.
   */
  void row(int y, byte[] out, int at);

  /** {@return the picture's own rows} */
  static PictureRows of(RgbImage picture) {
    int bytes = 3 * picture.width();
    return (y, out, at) -> System.arraycopy(picture.pixels(), y * bytes, out, at, bytes);
  }

  /** {@return all rows as one picture} */
  default RgbImage toPicture(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      row(y, pixels, 3 * y * width);
    }
    return new RgbImage(width, height, pixels);
  }
}
