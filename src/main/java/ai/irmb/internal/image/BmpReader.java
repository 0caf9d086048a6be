package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;

/** Reads BMP of 1 to 32 bits: uncompressed, RLE or with bit masks. */
final class BmpReader {
  private final ByteSource in;
  private final BmpHeader header;
  private final byte[] out;

  /** Where the next run of pixels begins, with rows counted in file order. */
  private int row;

  private int x;

  private BmpReader(ByteSource in, BmpHeader header) {
    this.in = in;
    this.header = header;
    this.out = new byte[3 * header.width() * header.height()];
  }

  static RgbImage read(ByteSource in, ReadOptions options) throws IOException {
    BmpHeader header = BmpHeader.read(in, options.limits());
    BmpReader reader = new BmpReader(in, header);
    boolean hasRuns = header.compression() == 1 || header.compression() == 2;
    try {
      if (hasRuns) {
        reader.readRuns();
      } else {
        reader.readRows();
      }
    } catch (ImageException e) {
      // Some writers end the file after the last pixel, without the end command.
      if (!(hasRuns && in.isExhausted() && reader.isAfterLastPixel())) {
        in.acceptEnd(e, options);
      }
    }
    return RgbImageAccess.wrap(header.width(), header.height(), reader.out);
  }

  static ImageSize size(ByteSource in, Limits limits) throws IOException {
    BmpHeader header = BmpHeader.read(in, limits);
    return new ImageSize(header.width(), header.height());
  }

  /** {@return the output index of a row, with rows counted in file order} */
  private int start(int row) {
    int y = header.topDown() ? row : header.height() - 1 - row;
    return 3 * y * header.width();
  }

  private void readRows() throws IOException {
    int bits = header.bits();
    int width = header.width();
    // Rows are padded to multiples of four bytes.
    byte[] row = new byte[(int) (((long) width * bits + 31) / 32 * 4)];
    for (int i = 0; i < header.height(); i++) {
      in.read(row, 0, row.length);
      int to = start(i);
      for (int x = 0; x < width; x++, to += 3) {
        if (bits <= 8) {
          int shift = 8 - bits - x * bits % 8;
          putColor((row[x * bits / 8] >> shift) & ((1 << bits) - 1), to);
        } else if (bits == 24) {
          out[to] = row[3 * x + 2];
          out[to + 1] = row[3 * x + 1];
          out[to + 2] = row[3 * x];
        } else {
          putMasked(pixel(row, x, bits / 8), to);
        }
      }
    }
  }

  private static int pixel(byte[] row, int x, int bytes) {
    int value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (row[x * bytes + i] & 0xFF);
    }
    return value;
  }

  private void putColor(int index, int at) {
    if (index >= header.palette().size()) {
      throw in.damaged("a pixel has color " + index + " of " + header.palette().size());
    }
    header.palette().put(index, out, at);
  }

  private void putMasked(int pixel, int at) {
    out[at] = component(pixel, header.masks().red());
    out[at + 1] = component(pixel, header.masks().green());
    out[at + 2] = component(pixel, header.masks().blue());
  }

  /** Fewer than 8 bits are shifted up and not scaled, as in OpenCV. */
  private static byte component(int pixel, int mask) {
    int low = Integer.numberOfTrailingZeros(mask);
    int bits = 32 - Integer.numberOfLeadingZeros(mask >>> low);
    int value = (pixel & mask) >>> low;
    return (byte) (value << (8 - bits));
  }

  private boolean isAfterLastPixel() {
    return row > header.height() - 1 || (row == header.height() - 1 && x == header.width());
  }

  /**
   * Reads pairs of count and value; a count of 0 is a command.
   *
   * <p>As in Pillow, pixels to the right of the image and data after its last row are ignored:
   * ImageMagick pads the rows of the runs to multiples of four pixels.
   */
  private void readRuns() throws IOException {
    boolean isHalf = header.compression() == 2;
    for (int at = 0; at < out.length; at += 3) {
      // Pixels that no run covers have the first color.
      putColor(0, at);
    }
    while (row < header.height()) {
      int count = in.u8();
      int value = in.u8();
      if (count > 0) {
        for (int i = 0; i < count; i++) {
          put(isHalf ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
        }
      } else if (value == 0) {
        row++;
        x = 0;
      } else if (value == 1) {
        return;
      } else if (value == 2) {
        x = Math.min(header.width(), x + in.u8());
        row += in.u8();
      } else {
        readLiterals(value, isHalf);
      }
    }
  }

  private void readLiterals(int count, boolean isHalf) throws IOException {
    byte[] bytes = in.read(((isHalf ? (count + 1) / 2 : count) + 1) / 2 * 2);
    for (int i = 0; i < count; i++) {
      put(isHalf ? (bytes[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15 : bytes[i] & 0xFF);
    }
  }

  private void put(int index) {
    if (x < header.width()) {
      putColor(index, start(row) + 3 * x);
      x++;
    }
  }
}
