package ai.irmb.internal.image;

import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The header chunk (IHDR) of a PNG.
 *
 * @param bits of a sample: 1, 2, 4, 8 or 16
 * @param color 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 * @param interlaced whether the pixels are stored in the seven passes of Adam7
 */
record PngHeader(int width, int height, int bits, int color, boolean interlaced) {

  static PngHeader read(ByteSource in, PngChunks chunks, Limits limits) throws IOException {
    chunks.next();
    byte[] bytes = chunks.type().equals("IHDR") ? chunks.readUpTo(13) : null;
    if (bytes == null || bytes.length != 13) {
      throw in.damaged("it does not begin with a header chunk (IHDR) of 13 bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    long width = header.getInt() & 0xFFFF_FFFFL;
    long height = header.getInt() & 0xFFFF_FFFFL;
    int bits = header.get() & 0xFF;
    int color = header.get() & 0xFF;
    if (!isAllowed(bits, color)) {
      throw in.damaged("color type " + color + " with " + bits + " bits does not exist in PNG");
    }
    int compression = header.get();
    int filter = header.get();
    int interlace = header.get();
    if (compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
      throw in.damaged("the header names a compression, filter or interlacing unknown to PNG");
    }
    ImageSizeCheck.check(in, width, height, limits);
    return new PngHeader((int) width, (int) height, bits, color, interlace == 1);
  }

  private static boolean isAllowed(int bits, int color) {
    return switch (color) {
      case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
      case 3 -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
      case 2, 4, 6 -> bits == 8 || bits == 16;
      default -> false;
    };
  }

  boolean hasPalette() {
    return color == 3;
  }

  int channels() {
    return switch (color) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  /** {@return the bytes of a row with this number of pixels, without the filter byte} */
  int rowBytes(int pixels) {
    return (int) (((long) pixels * channels() * bits + 7) / 8);
  }
}
