package ai.irmb.internal.image;

import ai.irmb.limit.Limits;
import java.io.IOException;

/**
 * The header of a BMP.
 *
 * @param topDown whether the first row is the top row
 * @param bits per pixel: 1, 4, 8, 16, 24 or 32
 * @param compression 0 none, 1 RLE8, 2 RLE4, 3 bit masks
 * @param palette the colors; empty above 8 bits
 * @param masks the red, green and blue bits of a 16- or 32-bit pixel
 */
record BmpHeader(
    int width,
    int height,
    boolean topDown,
    int bits,
    int compression,
    Palette palette,
    Masks masks) {
  private static final int CORE_HEADER = 12;
  private static final int INFO_HEADER = 40;

  /** Red, green and blue. */
  record Masks(int red, int green, int blue) {
    static final Masks FIVE = new Masks(0x7C00, 0x3E0, 0x1F);
    static final Masks FIVE_SIX_FIVE = new Masks(0xF800, 0x7E0, 0x1F);
    static final Masks EIGHT = new Masks(0xFF0000, 0xFF00, 0xFF);

    /** Other masks are rare, and OpenCV 4.6 reads 32 bits as if they were these. */
    void check(ByteSource in, int bits) {
      if (bits == 16 ? !equals(FIVE) && !equals(FIVE_SIX_FIVE) : !equals(EIGHT)) {
        throw in.unsupported("a BMP with unusual color masks is not supported");
      }
    }
  }

  /** The colors by index. */
  static final class Palette {
    private final byte[] colors;
    private final int entryBytes;

    private Palette(byte[] colors, int entryBytes) {
      this.colors = colors;
      this.entryBytes = entryBytes;
    }

    int size() {
      return colors.length / entryBytes;
    }

    /** Writes R, G, B. */
    void put(int index, byte[] out, int at) {
      int from = index * entryBytes;
      out[at] = colors[from + 2];
      out[at + 1] = colors[from + 1];
      out[at + 2] = colors[from];
    }
  }

  /** Reads up to the first byte of the pixels. */
  static BmpHeader read(ByteSource in, Limits limits) throws IOException {
    in.skip(10);
    long pixelsAt = in.u32le();
    long size = in.u32le();
    boolean isCore = size == CORE_HEADER;
    if (!isCore && (size < INFO_HEADER || size > 1024)) {
      throw in.damaged("a BMP header of " + size + " bytes does not exist");
    }
    long width = isCore ? in.u16le() : in.s32le();
    // As a long, since the smallest 32-bit integer has no positive counterpart.
    long height = isCore ? in.u16le() : in.s32le();
    ImageSizeCheck.check(in, width, Math.abs(height), limits);
    in.skip(2);
    int bits = in.u16le();
    long compression = isCore ? 0 : in.u32le();
    checkCoding(in, bits, compression);
    long colors = 0;
    if (!isCore) {
      in.skip(12);
      colors = in.u32le();
      in.skip(4);
    }
    Masks masks = bits == 16 ? Masks.FIVE : Masks.EIGHT;
    long headerLeft = isCore ? 0 : size - INFO_HEADER;
    if (compression == 3) {
      // The three masks follow the 40-byte header; later headers contain them.
      masks = new Masks(in.s32le(), in.s32le(), in.s32le());
      headerLeft = Math.max(0, headerLeft - 12);
      masks.check(in, bits);
    }
    in.skip(headerLeft);
    Palette palette = readPalette(in, bits, colors, isCore ? 3 : 4, pixelsAt);
    if (pixelsAt < in.position()) {
      throw in.damaged("its pixels begin at byte " + pixelsAt + ", within its header");
    }
    in.skip(pixelsAt - in.position());
    return new BmpHeader(
        (int) width, (int) Math.abs(height), height < 0, bits, (int) compression, palette, masks);
  }

  private static void checkCoding(ByteSource in, int bits, long compression) {
    boolean isKnown =
        compression == 0
            ? bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32
            : (compression == 1 && bits == 8)
                || (compression == 2 && bits == 4)
                || (compression == 3 && (bits == 16 || bits == 32));
    if (!isKnown) {
      throw in.unsupported(
          "a BMP of "
              + bits
              + " bits per pixel with compression "
              + compression
              + " is not supported");
    }
  }

  private static Palette readPalette(
      ByteSource in, int bits, long declared, int entryBytes, long pixelsAt) throws IOException {
    if (bits > 8) {
      return new Palette(new byte[0], entryBytes);
    }
    long count = declared == 0 ? 1L << bits : declared;
    long room = (pixelsAt - in.position()) / entryBytes;
    if (count > 256 || count < 0 || (declared != 0 && room < count)) {
      throw in.damaged("its palette of " + count + " colors does not fit before its pixels");
    }
    return new Palette(in.read((int) Math.max(0, Math.min(count, room)) * entryBytes), entryBytes);
  }
}
