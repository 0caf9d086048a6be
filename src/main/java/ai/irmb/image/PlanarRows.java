package ai.irmb.image;

/** A picture that is made row by row, its three colours apart. Not safe for concurrent use. */
interface PlanarRows {
  /**
   * Writes row {@code y}: R from {@code at} on, G from {@code at + plane}, B from {@code at + 2 *
   * plane}. Rows are asked for from the top.
   */
  void row(int y, byte[] out, int at, int plane);

  /** {@return the picture's own rows} */
  static PlanarRows of(RgbImage picture) {
    byte[] pixels = picture.pixels();
    int width = picture.width();
    return (y, out, at, plane) -> {
      int from = 3 * y * width;
      for (int x = 0; x < width; x++, from += 3) {
        out[at + x] = pixels[from];
        out[at + plane + x] = pixels[from + 1];
        out[at + 2 * plane + x] = pixels[from + 2];
      }
    };
  }

  /** {@return all rows as one picture} */
  default RgbImage toPicture(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    byte[] row = new byte[3 * width];
    for (int y = 0; y < height; y++) {
      row(y, row, 0, width);
      interleave(row, width, pixels, 3 * y * width);
    }
    return new RgbImage(width, height, pixels);
  }

  /** Puts three planes of {@code width} bytes side by side, from {@code to} on. */
  static void interleave(byte[] planes, int width, byte[] out, int to) {
    for (int x = 0, put = to; x < width; x++, put += 3) {
      out[put] = planes[x];
      out[put + 1] = planes[width + x];
      out[put + 2] = planes[2 * width + x];
    }
  }
}
