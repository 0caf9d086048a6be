package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the JDK writes, whole, damaged, and turned. */
@Tag("fast")
class ImageReadersTest {
  private static BufferedImage indexed(int bits, int width, int height) {
    Random random = new Random(bits);
    int size = 1 << bits;
    byte[][] colors = new byte[3][size];
    for (byte[] component : colors) {
      random.nextBytes(component);
    }
    IndexColorModel palette = new IndexColorModel(bits, size, colors[0], colors[1], colors[2]);
    BufferedImage image =
        bits < 8
            ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY, palette)
            : new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette);
    fill(image.getRaster(), size, random);
    return image;
  }

  private static BufferedImage components(int type, int space, boolean alpha, int bound) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            type);
    BufferedImage image =
        new BufferedImage(model, model.createCompatibleWritableRaster(21, 13), false, null);
    fill(image.getRaster(), bound, new Random(bound));
    return image;
  }

  private static void fill(WritableRaster raster, int bound, Random random) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        for (int b = 0; b < raster.getNumBands(); b++) {
          // Runs and noise, so that run lengths have both.
          raster.setSample(x, y, b, y % 3 == 0 ? bound / 2 : random.nextInt(bound));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "8"})
  void readsPngWithPalette(int bits) {
    BufferedImage image = indexed(bits, 21, 13);
    for (boolean interlaced : new boolean[] {false, true}) {
      byte[] file = Encoded.of(image, "png", interlaced, null);
      Images.assertSame(RgbImage.of(image), RgbImage.read(file, "a.png"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000, false, 256",
    "0, 1000, true, 256",
    "0, 1003, false, 256",
    "0, 1003, true, 256",
    "1, 1000, false, 65536",
    "1, 1000, true, 65536",
    "1, 1003, false, 65536",
    "1, 1003, true, 65536"
  })
  void readsPngOfEveryColorType(int type, int space, boolean alpha, int bound) {
    assertEquals(DataBuffer.TYPE_USHORT, 1);
    BufferedImage image = components(type, space, alpha, bound);
    for (boolean interlaced : new boolean[] {false, true}) {
      byte[] file = Encoded.of(image, "png", interlaced, null);
      Images.assertSame(RgbImage.of(image), RgbImage.read(file, "a.png"));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, BI_RGB", "4, BI_RGB", "8, BI_RGB", "8, BI_RLE8"})
  void readsBmpWithPalette(int bits, String compression) {
    BufferedImage image = indexed(bits, 22, 13);
    byte[] file = Encoded.of(image, "bmp", false, compression);
    Images.assertSame(RgbImage.of(image), RgbImage.read(file, "a.bmp"));
  }

  /** By hand, since the JDK's own writer makes runs of half bytes that nobody can read. */
  @Test
  void readsBmpWithRunsOfHalfBytes() {
    byte[] pixels = {
      5, 0x12, // 1 2 1 2 1
      0, 0, // next row
      0, 3, 0x21, 0x20, // 2 1 2, padded to two bytes
      0, 2, 1, 1, // one to the right, one up
      1, 0x20, // 2
      0, 1
    };
    ByteBuffer file = ByteBuffer.allocate(14 + 40 + 12 + pixels.length);
    file.order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0x4D42).putInt(0).putInt(0).putInt(14 + 40 + 12);
    file.putInt(40).putInt(5).putInt(3).putShort((short) 1).putShort((short) 4).putInt(2);
    file.putInt(0).putInt(0).putInt(0).putInt(3).putInt(0);
    file.putInt(0x000000).putInt(0x0000FF).putInt(0xFFFFFF).put(pixels);
    RgbImage image = RgbImage.read(file.array(), "a.bmp");
    String[] rows = {"00002", "21200", "12121"};
    int[] colors = {0x000000, 0x0000FF, 0xFFFFFF};
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 5; x++) {
        assertEquals(colors[rows[y].charAt(x) - '0'], image.rgb(x, y), x + ", " + y);
      }
    }
  }

  @Test
  void readsBmpUpsideDown() {
    RgbImage image = Images.noise(5, 3, 4);
    byte[] file = Encoded.of(image, "bmp");
    Images.assertSame(image, RgbImage.read(file, "a.bmp"));
    byte[] topDown = file.clone();
    Arrays.fill(topDown, 22, 26, (byte) -1);
    topDown[22] = -3;
    Images.assertSame(
        Orientation.MIRROR_VERTICALLY.toUpright(image), RgbImage.read(topDown, "a.bmp"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsGif(boolean interlaced) {
    for (int bits : new int[] {1, 2, 4, 8}) {
      // Large enough for a code table that fills up.
      BufferedImage image = indexed(bits, 150, 131);
      byte[] file = Encoded.of(image, "gif", interlaced, null);
      Images.assertSame(RgbImage.of(image), RgbImage.read(file, "a.gif"));
    }
  }

  @ParameterizedTest
  @CsvSource({"png, 13", "jpeg, 3", "bmp, 1", "gif, 4"})
  void refusesEveryPrefixWithoutAllPixels(String format, int fromEnd) {
    byte[] file = Encoded.of(Images.noise(21, 13, 5), format);
    RgbImage whole = RgbImage.read(file, "a");
    assertEquals(21, whole.width());
    for (int length = 0; length <= file.length - fromEnd; length++) {
      byte[] prefix = Arrays.copyOf(file, length);
      ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(prefix, "a"));
      assertTrue(String.valueOf(e.getMessage()).startsWith("a: "), e.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
  void survivesEveryOneByteChange(String format) {
    Random random = new Random(6);
    byte[] file = Encoded.of(Images.noise(17, 11, 7), format);
    Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 1_000_000);
    for (int i = 0; i < 3000; i++) {
      byte[] changed = file.clone();
      changed[i % Math.min(file.length, 1500)] ^= (byte) (1 + random.nextInt(255));
      try {
        RgbImage.read(changed, "a", ReadOptions.DEFAULTS.withLimits(limits));
      } catch (ImageException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("a: "), e.toString());
      }
    }
  }

  @Test
  void ignoresWhatFollowsTheImage() {
    RgbImage image = Images.noise(21, 13, 5);
    for (String format : new String[] {"png", "jpeg", "bmp", "gif"}) {
      byte[] file = Encoded.of(image, format);
      byte[] longer = Arrays.copyOf(file, file.length + 1000);
      Images.assertSame(RgbImage.read(file, "a"), RgbImage.read(longer, "a"));
    }
  }

  @Test
  void countsTheScansOfAJpeg() {
    byte[] file = Encoded.of(Images.noise(16, 16, 5).toBufferedImage(), "jpeg", true, null);
    RgbImage.read(file, "a.jpg");
    ImageException e =
        assertThrows(
            ImageException.class,
            () -> RgbImage.read(file, "a.jpg", ReadOptions.DEFAULTS.withLimits(oneScan())));
    assertEquals(
        "a.jpg: the JPEG has more scans than the limit of 1; raise it with"
            + " Limits.with(Limit.JPEG_SCANS, …) or --limit jpeg-scans=…",
        e.getMessage());
  }

  /**
   * In several scans the decoder holds every coefficient: 6 bytes a pixel beside the 3 it gives.
   */
  @Test
  void countsWhatAJpegInSeveralScansTakes() {
    byte[] file = Encoded.of(Images.noise(64, 64, 5).toBufferedImage(), "jpeg", true, null);
    Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 64 * 64);
    RgbImage.read(file, "a.jpg", ReadOptions.DEFAULTS.withLimits(limits));
    byte[] unsampled = file.clone();
    int frame = 2;
    while (unsampled[frame] != -1 || unsampled[frame + 1] != (byte) 0xC2) {
      frame++;
    }
    unsampled[frame + 11] = 0x11;
    ImageException e =
        assertThrows(
            ImageException.class,
            () -> RgbImage.read(unsampled, "a.jpg", ReadOptions.DEFAULTS.withLimits(limits)));
    assertEquals(
        "a.jpg: a JPEG in several scans of 64 x 64 pixels takes 9 bytes a pixel to decode, more"
            + " than the limit of 6 for the largest image; raise it with Limits.with(Limit.PIXELS,"
            + " …) or --limit pixels=…",
        e.getMessage());
  }

  @Test
  void boundsScansTimesPixels() {
    byte[] file = Encoded.of(Images.noise(16, 16, 5).toBufferedImage(), "jpeg", true, null);
    int lastScan = file.length - 2;
    while (file[lastScan] != -1 || file[lastScan + 1] != (byte) 0xDA) {
      lastScan--;
    }
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    more.write(file, 0, lastScan);
    for (int i = 0; i < 20; i++) {
      more.write(file, lastScan, file.length - 2 - lastScan);
    }
    more.write(file, file.length - 2, 2);
    Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 256);
    ImageException e =
        assertThrows(
            ImageException.class,
            () ->
                RgbImage.read(
                    more.toByteArray(), "a.jpg", ReadOptions.DEFAULTS.withLimits(limits)));
    assertEquals(
        "a.jpg: the JPEG has more scans than the limit for its size of 16 x 16 pixels; raise it"
            + " with Limits.with(Limit.PIXELS, …) or --limit pixels=…",
        e.getMessage());
  }

  @Test
  void refusesAJpegWhoseDataDoNotDecode() {
    byte[] file = Encoded.of(Images.noise(64, 64, 5), "jpeg");
    Arrays.fill(file, file.length / 2, file.length / 2 + 40, (byte) 0x5A);
    ImageException e = assertThrows(ImageException.class, () -> RgbImage.read(file, "a.jpg"));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("a.jpg: the image is damaged: "), e.toString());
  }

  private static Limits oneScan() {
    return Limits.DEFAULTS.with(Limit.JPEG_SCANS, 1);
  }

  /** EXIF's numbers, and where the stored upper left corner is in the upright image. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 24, 16",
    "2, 23, 0, 24, 16",
    "3, 23, 15, 24, 16",
    "4, 0, 15, 24, 16",
    "5, 0, 0, 16, 24",
    "6, 15, 0, 16, 24",
    "7, 15, 23, 16, 24",
    "8, 0, 23, 16, 24",
    "0, 0, 0, 24, 16",
    "9, 0, 0, 24, 16"
  })
  void turnsByExif(int number, int x, int y, int width, int height) {
    byte[] pixels = new byte[3 * 24 * 16];
    for (int row = 0; row < 8; row++) {
      Arrays.fill(pixels, 3 * 24 * row, 3 * (24 * row + 8), (byte) -1);
    }
    byte[] file = Encoded.of(RgbImage.of(24, 16, pixels), "jpeg");
    for (boolean bigEndian : new boolean[] {false, true}) {
      RgbImage turned = RgbImage.read(withExif(file, number, bigEndian), "a.jpg");
      assertEquals(width, turned.width());
      assertEquals(height, turned.height());
      assertTrue((turned.rgb(x, y) & 0xFF) > 200);
      int others = 0;
      for (int corner = 0; corner < 4; corner++) {
        int px = corner % 2 == 0 ? 0 : width - 1;
        int py = corner < 2 ? 0 : height - 1;
        others += (turned.rgb(px, py) & 0xFF) < 50 ? 1 : 0;
      }
      assertEquals(3, others);
    }
  }

  private static byte[] withExif(byte[] jpeg, int orientation, boolean bigEndian) {
    byte[] tiff =
        bigEndian
            ? new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0}
            : new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    tiff[bigEndian ? 19 : 18] = (byte) orientation;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(new byte[] {-1, (byte) 0xE1, 0, (byte) (tiff.length + 8)});
    out.writeBytes(new byte[] {'E', 'x', 'i', 'f', 0, 0});
    out.writeBytes(tiff);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
