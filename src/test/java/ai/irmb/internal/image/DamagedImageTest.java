package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage that leaves the pixels intact is accepted; missing pixels are only on request. */
@Tag("fast")
class DamagedImageTest {
  private static final ReadOptions TRUNCATED = ReadOptions.DEFAULTS.withAcceptTruncated(true);
  private static final int GRAY = 0x808080;

  private static byte[] jpeg(boolean gray, boolean progressive) {
    BufferedImage image =
        new BufferedImage(
            67, 45, gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    image.createGraphics().drawImage(Images.noise(67, 45, 3).toBufferedImage(), 0, 0, null);
    return Encoded.of(image, "jpeg", progressive, null);
  }

  private static byte[] prefix(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  private static int lastIndexOf(byte[] file, int marker) {
    for (int i = file.length - 2; i >= 0; i--) {
      if (file[i] == -1 && (file[i + 1] & 0xFF) == marker) {
        return i;
      }
    }
    throw new AssertionError("no such marker");
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void acceptsAJpegWithoutItsEndMarker(boolean gray, boolean progressive) {
    byte[] file = jpeg(gray, progressive);
    RgbImage expected = RgbImage.read(file, "a.jpg");
    for (int missing = 1; missing <= 2; missing++) {
      Images.assertSame(expected, RgbImage.read(prefix(file, file.length - missing), "a.jpg"));
    }
  }

  /** Some cameras pad the data, with or without an end marker after it. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void acceptsAJpegWithPadding(boolean gray, boolean progressive) {
    byte[] file = jpeg(gray, progressive);
    RgbImage expected = RgbImage.read(file, "a.jpg");
    byte[] padded = prefix(prefix(file, file.length - 2), file.length + 98);
    Images.assertSame(expected, RgbImage.read(padded, "a.jpg"));
    padded[padded.length - 2] = -1;
    padded[padded.length - 1] = (byte) 0xD9;
    Images.assertSame(expected, RgbImage.read(padded, "a.jpg"));
    byte[] two = prefix(file, file.length + 2);
    System.arraycopy(file, file.length - 2, two, file.length, 2);
    two[file.length - 2] = 0x12;
    two[file.length - 1] = 0x34;
    Images.assertSame(expected, RgbImage.read(two, "a.jpg"));
  }

  /** Each scan is complete, so the decoder alone notices nothing. */
  @Test
  void refusesAProgressiveJpegWithoutItsLastScan() {
    byte[] file = jpeg(false, true);
    byte[] cut = prefix(file, lastIndexOf(file, 0xDA));
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(cut, "a.jpg"));
    assertTrue(String.valueOf(e.getMessage()).contains("is truncated"), e.toString());
    assertEquals(67, RgbImage.read(cut, "a.jpg", TRUNCATED).width());
    byte[] ended = prefix(cut, cut.length + 2);
    ended[cut.length] = -1;
    ended[cut.length + 1] = (byte) 0xD9;
    Images.assertSame(RgbImage.read(ended, "a.jpg"), RgbImage.read(cut, "a.jpg", TRUNCATED));
  }

  @Test
  void leavesTheMissingPartOfAJpegGray() {
    RgbImage noise = Images.noise(64, 256, 3);
    byte[] file = Encoded.of(noise, "jpeg");
    byte[] half = prefix(file, file.length / 2);
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(half, "a.jpg"));
    assertEquals(
        "a.jpg: the file is truncated: it ends at byte "
            + half.length
            + ", within the image; to read it as far as it goes, use"
            + " ReadOptions.withAcceptTruncated(true), DetectorSettings.withAcceptTruncated(true)"
            + " or --accept-truncated",
        e.getMessage());
    RgbImage full = RgbImage.read(file, "a.jpg");
    RgbImage read = RgbImage.read(half, "a.jpg", TRUNCATED);
    Images.assertSame(full.crop(0, 0, 64, 80), read.crop(0, 0, 64, 80));
    for (int y = 200; y < 256; y++) {
      for (int x = 0; x < 64; x++) {
        assertEquals(GRAY, read.rgb(x, y));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void leavesTheMissingPartOfOtherFormatsBlack(String format) {
    byte[] file = Encoded.of(Images.noise(64, 256, 3), format);
    byte[] half = prefix(file, file.length / 2);
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(half, "a"));
    assertTrue(String.valueOf(e.getMessage()).contains("--accept-truncated"), e.toString());
    RgbImage full = RgbImage.read(file, "a");
    RgbImage read = RgbImage.read(half, "a", TRUNCATED);
    // The rows of a BMP begin at the bottom.
    int complete = format.equals("bmp") ? 156 : 0;
    int missing = format.equals("bmp") ? 0 : 156;
    Images.assertSame(full.crop(0, complete, 64, 100), read.crop(0, complete, 64, 100));
    Images.assertSame(RgbImage.of(64, 100, new byte[3 * 6400]), read.crop(0, missing, 64, 100));
  }

  /** The JDK writes the rows of a GIF in four passes; the first one has every eighth row. */
  @Test
  void leavesTheMissingRowsOfAGifBlack() {
    byte[] file = Encoded.of(Images.noise(64, 256, 3), "gif");
    RgbImage full = RgbImage.read(file, "a.gif");
    RgbImage read = RgbImage.read(prefix(file, file.length / 2), "a.gif", TRUNCATED);
    for (int y = 0; y < 256; y += 8) {
      Images.assertSame(full.crop(0, y, 64, 1), read.crop(0, y, 64, 1));
      Images.assertSame(RgbImage.of(64, 1, new byte[3 * 64]), read.crop(0, y + 1, 64, 1));
    }
  }

  /** A file that ends before the first pixel is an error in any case. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
  void everyPrefixIsReadOrRefused(String format) {
    byte[] file = Encoded.of(Images.noise(21, 13, 5), format);
    int read = 0;
    for (int length = 0; length < file.length; length++) {
      byte[] cut = prefix(file, length);
      try {
        RgbImage.read(cut, "a", TRUNCATED);
        read++;
      } catch (ImageException e) {
        assertEquals(0, read, () -> cut.length + " bytes: " + e.getMessage());
      }
    }
    assertTrue(read > 100, () -> format + " was never read");
  }

  private static byte[] chunk(String type, byte[] data, boolean intact) {
    byte[] letters = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(letters);
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(letters)
        .put(data)
        .putInt((int) crc.getValue() ^ (intact ? 0 : 1))
        .array();
  }

  /** A PNG with one more chunk, after the header or before the end. */
  private static byte[] withChunk(byte[] png, byte[] chunk, boolean first) {
    int at = first ? 8 + 25 : png.length - 12;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, at);
    out.writeBytes(chunk);
    out.write(png, at, png.length - at);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tEXt", "zTXt", "gAMA", "iCCP", "pHYs", "tRNS", "tIME", "bKGD", "vpAg"})
  void ignoresAnAncillaryChunkWithAWrongCrc(String type) {
    byte[] png = Encoded.of(Images.noise(21, 13, 5), "png");
    RgbImage expected = RgbImage.read(png, "a.png");
    byte[] data = {1, 0, 0, 2, 3, 4};
    for (boolean first : new boolean[] {true, false}) {
      byte[] damaged = withChunk(png, chunk(type, data, false), first);
      Images.assertSame(expected, RgbImage.read(damaged, "a.png"));
    }
  }

  @Test
  void ignoresAnOrientationWithAWrongCrc() {
    byte[] exif = {
      'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0
    };
    byte[] png = Encoded.of(Images.noise(21, 13, 5), "png");
    for (boolean first : new boolean[] {true, false}) {
      assertEquals(
          13, RgbImage.read(withChunk(png, chunk("eXIf", exif, true), first), "a.png").width());
      assertEquals(
          21, RgbImage.read(withChunk(png, chunk("eXIf", exif, false), first), "a.png").width());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLTE", "IDAT", "IEND"})
  void refusesACriticalChunkWithAWrongCrc(String type) {
    BufferedImage image = new BufferedImage(21, 13, BufferedImage.TYPE_BYTE_INDEXED);
    byte[] png = Encoded.of(image, "png", false, null);
    String text = new String(png, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(type);
    png[at + 4 + ByteBuffer.wrap(png).getInt(at - 4)] ^= 1;
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(png, "a.png"));
    assertTrue(
        String.valueOf(e.getMessage()).contains("the CRC of its chunk " + type), e.toString());
    assertThrows(ImageException.class, () -> RgbImage.read(png, "a.png", TRUNCATED));
  }

  @Test
  void acceptsAPngWithoutItsEnd() {
    byte[] png = Encoded.of(Images.noise(21, 13, 5), "png");
    RgbImage expected = RgbImage.read(png, "a.png");
    for (int missing = 1; missing <= 12; missing++) {
      Images.assertSame(expected, RgbImage.read(prefix(png, png.length - missing), "a.png"));
    }
  }

  private static byte[] bmp(int bits, int width, int height, int... runs) {
    int colors = 1 << bits;
    ByteBuffer file = ByteBuffer.allocate(14 + 40 + 4 * colors + runs.length);
    file.order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0x4D42).putInt(0).putInt(0).putInt(14 + 40 + 4 * colors);
    file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) bits);
    file.putInt(bits == 8 ? 1 : 2).putInt(0).putInt(0).putInt(0).putInt(0).putInt(0);
    for (int i = 0; i < colors; i++) {
      file.putInt(i);
    }
    for (int run : runs) {
      file.put((byte) run);
    }
    return file.array();
  }

  private static String pixels(RgbImage image) {
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        text.append(image.rgb(x, y) & 0xFF);
      }
      text.append(' ');
    }
    return text.toString().strip();
  }

  /** ImageMagick pads the rows of runs to multiples of four pixels. */
  @Test
  void ignoresPixelsOfBmpRunsBeyondTheRow() {
    int[] runs = {4, 1, 4, 9, 0, 0, 3, 2, 0, 5, 3, 4, 9, 9, 9, 0, 0, 0, 0, 1};
    assertEquals("22234 11119", pixels(RgbImage.read(bmp(8, 5, 2, runs), "a.bmp")));
    int[] halves = {8, 0x12, 0, 0, 2, 0x34, 0, 6, 0x56, 0x78, 0x90, 0, 0, 0, 0, 1};
    assertEquals("34567 12121", pixels(RgbImage.read(bmp(4, 5, 2, halves), "a.bmp")));
  }

  @Test
  void acceptsBmpRunsWithoutTheirEnd() {
    int[] all = {5, 1, 0, 0, 5, 2};
    assertEquals("22222 11111", pixels(RgbImage.read(bmp(8, 5, 2, all), "a.bmp")));
    byte[] cut = bmp(8, 5, 2, 5, 1, 0, 0, 4, 2);
    assertThrows(ImageException.class, () -> RgbImage.read(cut, "a.bmp"));
    assertEquals("22220 11111", pixels(RgbImage.read(cut, "a.bmp", TRUNCATED)));
  }

  @Test
  void ignoresBmpRunsBelowTheLastRow() {
    int[] below = {5, 1, 0, 0, 5, 2, 0, 2, 3, 255, 5, 3, 0, 0, 5, 3};
    assertEquals("22222 11111", pixels(RgbImage.read(bmp(8, 5, 2, below), "a.bmp")));
  }

  /** An endless file that counts what is read of it. */
  private static final class Endless extends InputStream {
    private final byte[] start;
    private final byte[] repeated;
    private long position;

    Endless(byte[] start, byte... repeated) {
      this.start = start;
      this.repeated = repeated;
    }

    @Override
    public int read() {
      long at = position++;
      return 0xFF
          & (at < start.length
              ? start[(int) at]
              : repeated[(int) ((at - start.length) % repeated.length)]);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) read();
      }
      return length;
    }
  }

  /** 255 more to the right with each 4 bytes: after 34 MB an int is negative. */
  @Test
  void positionInBmpRunsDoesNotOverflow() throws IOException {
    byte[] start = bmp(8, 5, 2);
    byte[] rights = new byte[4 * 9_000_000];
    for (int i = 0; i < rights.length; i += 4) {
      rights[i + 1] = 2;
      rights[i + 2] = -1;
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(start);
    file.write(rights);
    file.write(new byte[] {1, 7, 0, 0, 1, 8, 0, 1});
    assertEquals("80000 00000", pixels(RgbImage.read(file.toByteArray(), "a.bmp")));
  }

  /** The longest JPEG that a size can need is bounded, also if every byte is escaped. */
  @ParameterizedTest
  @ValueSource(strings = {"55", "ff00", "ffd0", "55ff00"})
  void boundsTheScanOfAOnePixelJpeg(String repeated) throws IOException {
    byte[] file = Encoded.of(Images.noise(1, 1, 5), "jpeg");
    byte[] start = prefix(file, lastIndexOf(file, 0xDA) + 14);
    byte[] bytes = java.util.HexFormat.of().parseHex(repeated);
    try (Endless in = new Endless(start, bytes)) {
      ImageException e =
          assertThrows(
              ImageException.class, () -> RgbImage.read(in, "a.jpg", ReadOptions.DEFAULTS));
      assertEquals(
          "a.jpg: the JPEG has more data than the limit of 16777219 bytes for its size of 1 x 1"
              + " pixels",
          e.getMessage());
      assertTrue(in.position < 2 * (17 << 20), () -> in.position + " bytes were read");
    }
  }
}
