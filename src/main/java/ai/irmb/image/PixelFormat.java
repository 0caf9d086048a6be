package ai.irmb.image;

/** The order of the 8-bit channels of one pixel in a buffer. Alpha is ignored. */
public enum PixelFormat {
  /** Red, green, blue: 3 bytes. */
  RGB(3, 0, 1, 2),

  /** Blue, green, red: 3 bytes, as in OpenCV's {@code Mat}. */
  BGR(3, 2, 1, 0),

  /** Red, green, blue, alpha: 4 bytes. */
  RGBA(4, 0, 1, 2),

  /** Blue, green, red, alpha: 4 bytes. */
  BGRA(4, 2, 1, 0),

  /** One gray value: 1 byte. */
  GRAY(1, 0, 0, 0);

  private final int bytes;
  private final int red;
  private final int green;
  private final int blue;

  PixelFormat(int bytes, int red, int green, int blue) {
    this.bytes = bytes;
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** {@return the number of bytes of one pixel} */
  public int bytesPerPixel() {
    return bytes;
  }

  /** Writes a row of pixels as R, G, B. */
  void toRgb(byte[] row, byte[] out, int offset, int width) {
    for (int x = 0, from = 0, to = offset; x < width; x++, from += bytes, to += 3) {
      out[to] = row[from + red];
      out[to + 1] = row[from + green];
      out[to + 2] = row[from + blue];
    }
  }
}
