package ai.irmb.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.error.ImageException;
import ai.irmb.internal.image.Encoded;
import ai.irmb.internal.image.Images;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class RgbImageTest {
  private static final int COLOR = 0xFF_C8_64_0A;

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void takesColorsOfEveryTypeOfEightBits(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(2, 1, COLOR);
    assertEquals(COLOR & 0xFFFFFF, RgbImage.of(image).rgb(2, 1));
    assertEquals(COLOR & 0xFFFFFF, RgbImage.of(image.getSubimage(1, 1, 2, 1)).rgb(1, 0));
  }

  @Test
  void dropsAlphaWithoutBlending() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x10_C8_64_0A);
    assertEquals(0xC8640A, RgbImage.of(image).rgb(0, 0));
    BufferedImage bytes = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR);
    bytes.setRGB(0, 0, 0x00_C8_64_0A);
    assertEquals(0xC8640A, RgbImage.of(bytes).rgb(0, 0));
  }

  @Test
  void dividesPremultipliedColorsByAlpha() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
    image.getRaster().setDataElements(0, 0, new int[] {0x80_40_20_00});
    assertEquals(0x804000, RgbImage.of(image).rgb(0, 0) & 0xFFFEFF);
  }

  @ParameterizedTest
  @CsvSource({"10, 100, 64", "11, 25855, 64"})
  void takesGrayFromTheRaster(int type, int sample, String hex) {
    BufferedImage image = new BufferedImage(2, 1, type);
    WritableRaster raster = image.getRaster();
    raster.setSample(1, 0, 0, sample);
    assertEquals(Integer.parseInt(hex + hex + hex, 16), RgbImage.of(image).rgb(1, 0));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_USHORT_565_RGB,
        BufferedImage.TYPE_USHORT_555_RGB
      })
  void takesColorsOfPalettesAndShorts(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(1, 1, 0xFFFFFFFF);
    assertEquals(0xFFFFFF, RgbImage.of(image).rgb(1, 1));
    assertEquals(0, RgbImage.of(image).rgb(0, 0));
  }

  @Test
  void goesToABufferedImageAndBack() {
    RgbImage image = Images.noise(7, 5, 1);
    Images.assertSame(image, RgbImage.of(image.toBufferedImage()));
  }

  @Test
  void copiesTheBytesItIsGiven() {
    byte[] bytes = {1, 2, 3};
    RgbImage image = RgbImage.of(1, 1, bytes);
    bytes[0] = 9;
    image.toBytes()[1] = 9;
    assertEquals(0x010203, image.rgb(0, 0));
    assertThrows(IllegalArgumentException.class, () -> RgbImage.of(1, 2, bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "II+_, BigTIFF",
    "1234ftypavif, AVIF",
    "1234ftypheic, HEIC",
    "%PDF-1.7, PDF",
    "<svg xmlns='x'>, SVG",
    "<?xml version='1.0'?><svg>, SVG",
    "a plain text, text",
    "8BPSxx, Photoshop"
  })
  void refusesOtherFormatsByName(String content, String name) {
    byte[] bytes = content.replace('_', '\0').getBytes(StandardCharsets.ISO_8859_1);
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(bytes, "a.jpg"));
    assertEquals(
        "a.jpg: this is "
            + (name.equals("text") ? "text" : "a file of the format " + name)
            + ", not an image in a supported format (JPEG, PNG, BMP, GIF, WebP, TIFF)",
        e.getMessage());
  }

  @Test
  void refusesAnEmptyFileAndUnknownBytes() {
    ImageException empty =
        assertThrows(ImageException.class, () -> RgbImage.read(new byte[0], "a.png"));
    assertEquals(
        "a.png: this is an empty file, not an image in a supported format (JPEG, PNG, BMP, GIF,"
            + " WebP, TIFF)",
        empty.getMessage());
    ImageException unknown =
        assertThrows(ImageException.class, () -> RgbImage.read(new byte[] {0, -1, 7}, "a.png"));
    assertEquals(
        "a.png: this is a file that begins with the bytes 00 FF 07, not an image in a supported"
            + " format (JPEG, PNG, BMP, GIF, WebP, TIFF)",
        unknown.getMessage());
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  /** The first byte is before the position; rows are a byte apart. */
  @ParameterizedTest
  @CsvSource({
    "RGB, 0x102030",
    "BGR, 0x302010",
    "RGBA, 0x102030",
    "BGRA, 0x302010",
    "GRAY, 0x101010"
  })
  void takesPixelsOfABuffer(PixelFormat format, String color) {
    int size = format.bytesPerPixel();
    ByteBuffer buffer = ByteBuffer.allocate(1 + 2 * (2 * size + 1) - 1);
    int stride = 2 * size + 1;
    int[] channels = {0x10, 0x20, 0x30, 0x40};
    for (int i = 0; i < size; i++) {
      buffer.put(1 + stride + size + i, (byte) channels[i]);
    }
    RgbImage image = RgbImage.of(buffer.position(1), 2, 2, format, stride);
    assertEquals(1, buffer.position());
    assertEquals(Integer.decode(color), image.rgb(1, 1));
    assertEquals(0, image.rgb(0, 1) | image.rgb(0, 0) | image.rgb(1, 0));
  }

  @Test
  void takesPixelsWithoutGaps() {
    RgbImage image =
        RgbImage.of(bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 2, 2, PixelFormat.BGR);
    assertEquals(0x030201, image.rgb(0, 0));
    assertEquals(0x0C0B0A, image.rgb(1, 1));
  }

  @Test
  void refusesBuffersThatDoNotHoldTheImage() {
    ByteBuffer buffer = bytes(1, 2, 3, 4, 5, 6);
    assertEquals("pixels: expected 9 bytes, found 6", refusal(buffer, 1, 3, 3));
    assertEquals("pixels: expected 7 bytes, found 6", refusal(buffer, 1, 2, 4));
    assertEquals("stride: 2 pixels of RGB have 6 bytes, not 5", refusal(buffer, 2, 1, 5));
    assertEquals(
        "size: 0 x 1 pixels are no image that fits into an array", refusal(buffer, 0, 1, 3));
    assertEquals(
        "size: 50000 x 50000 pixels are no image that fits into an array",
        refusal(buffer, 50_000, 50_000, 150_000));
  }

  private static String refusal(ByteBuffer buffer, int width, int height, int stride) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> RgbImage.of(buffer, width, height, PixelFormat.RGB, stride))
            .getMessage());
  }

  @Test
  void namesTheLimitThatASizePasses() {
    Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 19);
    for (String format : new String[] {"png", "jpeg", "bmp", "gif"}) {
      byte[] file = Encoded.of(Images.noise(5, 4, 1), format);
      ImageException e =
          assertThrows(
              ImageException.class,
              () -> RgbImage.read(file, "a", ReadOptions.DEFAULTS.withLimits(limits)));
      assertEquals(
          "a: 5 x 4 pixels are more than the limit of 19; raise it with Limits.with(Limit.PIXELS,"
              + " …) or --limit pixels=…",
          e.getMessage());
    }
  }
}
