package ai.irmb.internal.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The first directory of a TIFF: what decides how much memory its decoder takes.
 *
 * @param width of the stored image
 * @param height of the stored image
 * @param orientation what makes it upright
 */
record TiffHeader(long width, long height, Orientation orientation) {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS_PER_SAMPLE = 258;
  private static final int COMPRESSION = 259;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;

  private static final int SHORT = 3;
  private static final int LONG = 4;

  /** None, the three of CCITT, LZW, JPEG, Deflate by both numbers, PackBits. */
  private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 7L, 8L, 32946L, 32773L);

  private static final long JPEG = 7;

  /** A small image may be stored in one tile of this size. */
  private static final long SMALL_TILE = 1 << 20;

  static boolean isTiff(byte[] head) {
    if (head.length < 4) {
      return false;
    }
    int mark = ByteBuffer.wrap(head).getInt();
    return mark == 0x49492A00 || mark == 0x4D4D002A;
  }

  static TiffHeader read(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    bytes.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    try {
      return read(bytes);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("the file ends within its directory", e);
    }
  }

  private static TiffHeader read(ByteBuffer bytes) throws IOException {
    Map<Integer, long[]> tags = tags(bytes);
    long width = tag(tags, WIDTH, 0);
    long height = tag(tags, HEIGHT, 0);
    long bits = tag(tags, BITS_PER_SAMPLE, 1);
    for (long each : tags.getOrDefault(BITS_PER_SAMPLE, new long[0])) {
      bits = Math.max(bits, each);
    }
    long samples = tag(tags, SAMPLES_PER_PIXEL, 1);
    if (bits > 16 || samples > 4) {
      throw new UnsupportedOperationException(
          samples + " samples of " + bits + " bits are not supported, only up to 4 of up to 16");
    }
    long compression = tag(tags, COMPRESSION, 1);
    if (!COMPRESSIONS.contains(compression)) {
      throw new UnsupportedOperationException("compression " + compression + " is not supported");
    }
    // Unsigned 32-bit factors: the product of two may overflow, the quotient cannot.
    long tileWidth = tag(tags, TILE_WIDTH, width);
    long tileHeight = tag(tags, TILE_HEIGHT, height);
    double tile = (double) tileWidth * tileHeight;
    if (tile > 4.0 * width * height + SMALL_TILE) {
      throw new IOException(
          "a tile of " + tileWidth + " x " + tileHeight + " pixels is larger than the image");
    }
    if (compression == JPEG) {
      for (int tag : new int[] {STRIP_OFFSETS, TILE_OFFSETS}) {
        for (long offset : tags.getOrDefault(tag, new long[0])) {
          checkJpeg(bytes, offset, tileWidth, tileHeight);
        }
      }
    }
    return new TiffHeader(width, height, Orientation.of(tag(tags, ORIENTATION, 1)));
  }

  private static Map<Integer, long[]> tags(ByteBuffer bytes) throws IOException {
    Map<Integer, long[]> tags = new HashMap<>();
    int at = index(bytes.getInt(4) & 0xFFFF_FFFFL);
    int entries = bytes.getShort(at) & 0xFFFF;
    at += 2;
    for (int i = 0; i < entries; i++, at += 12) {
      int tag = bytes.getShort(at) & 0xFFFF;
      if (!isRead(tag)) {
        continue;
      }
      if (tags.put(tag, values(bytes, at)) != null) {
        throw new IOException("tag " + tag + " is there twice");
      }
    }
    return tags;
  }

  private static boolean isRead(int tag) {
    return switch (tag) {
      case WIDTH,
          HEIGHT,
          BITS_PER_SAMPLE,
          COMPRESSION,
          STRIP_OFFSETS,
          ORIENTATION,
          SAMPLES_PER_PIXEL,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS ->
          true;
      default -> false;
    };
  }

  private static long[] values(ByteBuffer bytes, int entry) throws IOException {
    int type = bytes.getShort(entry + 2) & 0xFFFF;
    long count = bytes.getInt(entry + 4) & 0xFFFF_FFFFL;
    if (type != SHORT && type != LONG) {
      throw new IOException("the entry at byte " + entry + " has the wrong type " + type);
    }
    int size = type == SHORT ? 2 : 4;
    int start = count * size <= 4 ? entry + 8 : index(bytes.getInt(entry + 8) & 0xFFFF_FFFFL);
    if (count < 1 || count * size > bytes.capacity() - start) {
      throw new IOException("the entry at byte " + entry + " has " + count + " values");
    }
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type == SHORT
              ? bytes.getShort(start + 2 * i) & 0xFFFF
              : bytes.getInt(start + 4 * i) & 0xFFFF_FFFFL;
    }
    return values;
  }

  private static long tag(Map<Integer, long[]> tags, int tag, long absent) {
    long[] values = tags.get(tag);
    return values == null ? absent : values[0];
  }

  private static int index(long offset) {
    return (int) Math.min(offset, Integer.MAX_VALUE - 64);
  }

  /** A JPEG in a TIFF has a size of its own, which its decoder would allocate. */
  private static void checkJpeg(ByteBuffer bytes, long offset, long width, long height)
      throws IOException {
    int at = index(offset) + 2;
    while (bytes.get(at) == -1) {
      int marker = bytes.get(at + 1) & 0xFF;
      boolean isFrame = marker >= 0xC0 && marker <= 0xCF && marker % 4 != 0;
      if (marker == 0xC0 || isFrame) {
        if (marker > 0xC1) {
          throw new UnsupportedOperationException("only sequential JPEG is supported in it");
        }
        int ownHeight = readBig(bytes, at + 5);
        int ownWidth = readBig(bytes, at + 7);
        // A JPEG is padded to blocks of up to 16 pixels.
        if (ownWidth >= width + 16 || ownHeight >= height + 16) {
          throw new IOException("a JPEG in it has " + ownWidth + " x " + ownHeight + " pixels");
        }
        return;
      }
      at += 2 + readBig(bytes, at + 2);
    }
    throw new IOException("the JPEG at byte " + offset + " has no size");
  }

  private static int readBig(ByteBuffer bytes, int at) {
    return (bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF);
  }
}
