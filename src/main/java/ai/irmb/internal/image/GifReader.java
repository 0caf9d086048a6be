package ai.irmb.internal.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first frame of a GIF. Pixels outside the frame, and transparent pixels, have the
 * palette's colors, as in Pillow (OpenCV 4.6 reads no GIF).
 */
final class GifReader {
  /** The first row and the row step of each interlace pass. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] ONE_PASS = {{0, 1}};

  private final ByteSource in;
  private final int width;
  private final int height;
  private int transparent;

  private GifReader(ByteSource in, int width, int height) {
    this.in = in;
    this.width = width;
    this.height = height;
  }

  static RgbImage read(ByteSource in, ReadOptions options) throws IOException {
    ImageSize screen = size(in, options.limits());
    return new GifReader(in, screen.width(), screen.height()).read(options);
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    String version = new String(in.read(6), ISO_8859_1);
    if (!version.equals("GIF87a") && !version.equals("GIF89a")) {
      throw in.damaged("the GIF's version is neither 87a nor 89a");
    }
    int width = in.u16le();
    int height = in.u16le();
    ImageSizeCheck.check(in, width, height, limits);
    return new ImageSize(width, height);
  }

  private RgbImage read(ReadOptions options) throws IOException {
    int flags = in.u8();
    in.skip(2);
    byte[] global = readPalette(flags);
    while (true) {
      int block = in.u8();
      switch (block) {
        case 0x21 -> readExtension();
        case 0x2C -> {
          return readFrame(global, options);
        }
        case 0x3B -> throw in.damaged("the GIF ends before its first frame");
        default -> throw in.damaged(String.format("a GIF block %02X does not exist", block));
      }
    }
  }

  private byte @Nullable [] readPalette(int flags) throws IOException {
    return (flags & 0x80) == 0 ? null : in.read(3 << ((flags & 7) + 1));
  }

  private void readExtension() throws IOException {
    boolean isControl = in.u8() == 0xF9;
    int length = in.u8();
    while (length > 0) {
      byte[] block = in.read(length);
      if (isControl && length >= 4 && (block[0] & 1) != 0) {
        transparent = block[3] & 0xFF;
      }
      length = in.u8();
    }
  }

  private RgbImage readFrame(byte @Nullable [] global, ReadOptions options) throws IOException {
    int left = in.u16le();
    int top = in.u16le();
    int columns = in.u16le();
    int rows = in.u16le();
    int flags = in.u8();
    byte[] own = readPalette(flags);
    byte[] palette = own == null ? global : own;
    if (palette == null) {
      throw in.damaged("the GIF has no palette");
    }
    if (columns == 0 || rows == 0 || left + columns > width || top + rows > height) {
      throw in.damaged("the GIF's first frame is empty or leaves its screen");
    }
    byte[] out = new byte[3 * width * height];
    if (columns < width || rows < height) {
      for (int at = 0; at < out.length; at += 3) {
        put(palette, transparent, out, at);
      }
    }
    byte[] row = new byte[columns];
    try {
      GifData data = new GifData(in);
      for (int[] pass : (flags & 0x40) != 0 ? PASSES : ONE_PASS) {
        for (int y = pass[0]; y < rows; y += pass[1]) {
          data.read(row);
          int to = 3 * ((top + y) * width + left);
          for (byte index : row) {
            put(palette, index & 0xFF, out, to);
            to += 3;
          }
        }
      }
    } catch (ImageException e) {
      in.acceptEnd(e, options);
    }
    return RgbImageAccess.wrap(width, height, out);
  }

  private void put(byte[] palette, int index, byte[] out, int at) {
    if (3 * index >= palette.length) {
      throw in.damaged("a pixel has color " + index + ", the palette " + palette.length / 3);
    }
    System.arraycopy(palette, 3 * index, out, at, 3);
  }
}
