package ai.irmb.internal.image;

/**
 * Converts the components of a JPEG to RGB, in the integer arithmetic of libjpeg, and of OpenCV for
 * CMYK.
 */
final class JpegColorConversion {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int[] RED_OF_CR = table(1.40200, HALF, BITS);
  private static final int[] BLUE_OF_CB = table(1.77200, HALF, BITS);
  private static final int[] GREEN_OF_CR = table(-0.71414, 0, 0);
  private static final int[] GREEN_OF_CB = table(-0.34414, HALF, 0);

  private JpegColorConversion() {}

  private static int[] table(double factor, int offset, int shift) {
    int scaled = ((int) (Math.abs(factor) * (1 << BITS) + 0.5)) * (factor < 0 ? -1 : 1);
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (scaled * (i - 128) + offset) >> shift;
    }
    return table;
  }

  /**
   * {@return three bytes per pixel, in an array that may be longer}
   *
   * @param components interleaved; overwritten, and perhaps returned
   */
  static byte[] toRgb(byte[] components, int pixels, JpegStream.ColorModel colors) {
    switch (colors) {
      case GRAY -> {
        return spread(components);
      }
      case RGB -> {}
      case YCC -> convert(components, pixels, 3);
      case CMYK -> dropBlack(components, pixels);
      case YCCK -> {
        convert(components, pixels, 4);
        for (int at = 0; at < 4 * pixels; at += 4) {
          components[at] = (byte) ~components[at];
          components[at + 1] = (byte) ~components[at + 1];
          components[at + 2] = (byte) ~components[at + 2];
        }
        dropBlack(components, pixels);
      }
    }
    return components;
  }

  private static byte[] spread(byte[] gray) {
    byte[] rgb = new byte[3 * gray.length];
    int to = 0;
    for (byte value : gray) {
      rgb[to++] = value;
      rgb[to++] = value;
      rgb[to++] = value;
    }
    return rgb;
  }

  /** Converts Y, Cb, Cr to R, G, B in place; a fourth component is not changed. */
  private static void convert(byte[] data, int pixels, int step) {
    for (int at = 0, end = pixels * step; at < end; at += step) {
      int y = data[at] & 0xFF;
      int cb = data[at + 1] & 0xFF;
      int cr = data[at + 2] & 0xFF;
      data[at] = clamp(y + RED_OF_CR[cr]);
      data[at + 1] = clamp(y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS));
      data[at + 2] = clamp(y + BLUE_OF_CB[cb]);
    }
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** Converts inverted CMYK (255 is no ink) to RGB in place, four bytes per pixel to three. */
  private static void dropBlack(byte[] data, int pixels) {
    for (int i = 0; i < pixels; i++) {
      int black = data[4 * i + 3] & 0xFF;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (data[4 * i + c] & 0xFF);
        data[3 * i + c] = (byte) (black - ((ink * black) >> 8));
      }
    }
  }
}
