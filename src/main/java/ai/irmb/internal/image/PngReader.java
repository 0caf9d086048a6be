package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads PNG.
 *
 * <p>ImageIO's reader checks no CRC, rounds 16-bit samples, and holds the image twice.
 */
final class PngReader {
  /** The first column, the first row, the column step and the row step of each Adam7 pass. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  /** How much of the pixels has been read. */
  private enum Progress {
    NONE,
    SOME,
    ALL
  }

  private final ByteSource in;
  private final PngHeader header;
  private final byte[] out;
  private byte @Nullable [] palette;
  private Orientation orientation = Orientation.UPRIGHT;
  private Progress progress = Progress.NONE;

  private PngReader(ByteSource in, PngHeader header) {
    this.in = in;
    this.header = header;
    this.out = new byte[3 * header.width() * header.height()];
  }

  static RgbImage read(ByteSource in, ReadOptions options) throws IOException {
    PngChunks chunks = new PngChunks(in);
    PngHeader header = PngHeader.read(in, chunks, options.limits());
    return new PngReader(in, header).read(chunks, options);
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    PngChunks chunks = new PngChunks(in);
    PngHeader header = PngHeader.read(in, chunks, limits);
    Orientation orientation = Orientation.UPRIGHT;
    for (chunks.next(); !chunks.type().equals("IEND"); chunks.next()) {
      if (chunks.type().equals("eXIf")) {
        orientation = readOrientation(chunks);
      }
    }
    chunks.finish();
    return orientation.uprightSize(header.width(), header.height());
  }

  private RgbImage read(PngChunks chunks, ReadOptions options) throws IOException {
    try {
      readChunks(chunks);
    } catch (ImageException e) {
      if (progress == Progress.NONE) {
        throw e;
      }
      // As in Pillow, a file may end anywhere after the pixels.
      if (!(progress == Progress.ALL && in.isExhausted())) {
        in.acceptEnd(e, options);
      }
    }
    return orientation.toUpright(RgbImageAccess.wrap(header.width(), header.height(), out));
  }

  private void readChunks(PngChunks chunks) throws IOException {
    chunks.next();
    while (!chunks.type().equals("IEND")) {
      switch (chunks.type()) {
        case "PLTE" -> palette = readPalette(chunks);
        case "IDAT" -> {
          if (progress == Progress.ALL) {
            throw in.damaged("the image data is in two places");
          }
          progress = Progress.SOME;
          draw(chunks);
          // Bytes after the end of the compressed data are ignored.
          chunks.finish();
          progress = Progress.ALL;
          while (chunks.type().equals("IDAT")) {
            chunks.next();
          }
          continue;
        }
        case "eXIf" -> orientation = readOrientation(chunks);
        default -> {
          if (chunks.isCritical()) {
            throw in.damaged("the chunk " + chunks.type() + " is not one that PNG knows");
          }
        }
      }
      chunks.next();
    }
    chunks.finish();
    if (progress == Progress.NONE) {
      throw in.damaged("there is no image data");
    }
  }

  private byte[] readPalette(PngChunks chunks) throws IOException {
    byte[] colors = chunks.readUpTo(3 * 256);
    if (progress != Progress.NONE || palette != null || colors == null || colors.length % 3 != 0) {
      throw in.damaged("its palette is misplaced or has more than 256 colors");
    }
    return colors;
  }

  private static Orientation readOrientation(PngChunks chunks) throws IOException {
    byte[] exif = chunks.readUpTo(1 << 16);
    return chunks.finish() && exif != null ? Orientation.fromExif(exif, 0) : Orientation.UPRIGHT;
  }

  private void draw(PngChunks chunks) throws IOException {
    if (header.hasPalette() && palette == null) {
      throw in.damaged("the palette is missing");
    }
    int bytesPerPixel = Math.max(1, header.channels() * header.bits() / 8);
    int longest = header.rowBytes(header.width());
    try (PngData data = new PngData(in, chunks)) {
      for (int[] pass : header.interlaced() ? PASSES : ONE_PASS) {
        int columns = (header.width() - pass[0] + pass[2] - 1) / pass[2];
        if (columns <= 0) {
          continue;
        }
        int length = header.rowBytes(columns);
        byte[] row = new byte[longest + 1];
        byte[] above = new byte[longest + 1];
        for (int y = pass[1]; y < header.height(); y += pass[3]) {
          data.read(row, length + 1);
          unfilter(row, above, length, bytesPerPixel);
          drawRow(row, columns, y, pass[0], pass[2]);
          byte[] swap = above;
          above = row;
          row = swap;
        }
      }
      data.finish();
    }
  }

  /** Reverses the filter of one row; byte 0 of both rows is the filter type. */
  private void unfilter(byte[] row, byte[] above, int length, int bpp) {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = bpp + 1; i <= length; i++) {
          row[i] += row[i - bpp];
        }
      }
      case 2 -> {
        for (int i = 1; i <= length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i <= length; i++) {
          int left = i > bpp ? row[i - bpp] & 0xFF : 0;
          row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
        }
      }
      case 4 -> {
        for (int i = 1; i <= length; i++) {
          int left = i > bpp ? row[i - bpp] & 0xFF : 0;
          int corner = i > bpp ? above[i - bpp] & 0xFF : 0;
          row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
        }
      }
      default -> throw in.damaged("unknown filter type of a row: " + (row[0] & 0xFF));
    }
  }

  private static int paeth(int left, int above, int corner) {
    int p = left + above - corner;
    int toLeft = Math.abs(p - left);
    int toAbove = Math.abs(p - above);
    int toCorner = Math.abs(p - corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  private void drawRow(byte[] row, int columns, int y, int firstColumn, int step) {
    int to = 3 * (y * header.width() + firstColumn);
    int stride = 3 * step;
    int sampleBytes = header.bits() / 8;
    if (sampleBytes == 0 || header.hasPalette()) {
      drawPacked(row, columns, to, stride);
      return;
    }
    // Of 16 bits the high byte is used; alpha is skipped.
    int pixelBytes = sampleBytes * header.channels();
    int green = header.channels() >= 3 ? sampleBytes : 0;
    int blue = 2 * green;
    for (int x = 0, at = 1; x < columns; x++, at += pixelBytes, to += stride) {
      out[to] = row[at];
      out[to + 1] = row[at + green];
      out[to + 2] = row[at + blue];
    }
  }

  private void drawPacked(byte[] row, int columns, int first, int stride) {
    int bits = header.bits();
    int mask = (1 << bits) - 1;
    byte[] colors = palette;
    int to = first;
    for (int x = 0; x < columns; x++, to += stride) {
      int bit = x * bits;
      int value = row[1 + bit / 8] >> (8 - bits - bit % 8) & mask;
      if (!header.hasPalette() || colors == null) {
        byte gray = (byte) (value * 255 / mask);
        out[to] = gray;
        out[to + 1] = gray;
        out[to + 2] = gray;
      } else if (3 * value < colors.length) {
        System.arraycopy(colors, 3 * value, out, to, 3);
      } else {
        throw in.damaged("a pixel has color " + value + ", the palette " + colors.length / 3);
      }
    }
  }
}
