package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected pixels are from OpenCV 4.6; without alpha for alpha.tif, where it multiplies. */
@Tag("fast")
class ImageDecodersTest {
  private static final int MUTATIONS = 300;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alpha-lossless.webp",
        "lossless.webp",
        "orientation.webp",
        "alpha.tif",
        "bilevel.tif",
        "deflate.tif",
        "gray.tif",
        "gray16.tif",
        "jpeg.tif",
        "lzw.tif",
        "orientation.tif",
        "pages.tif",
        "palette.tif",
        "rgb16.tif",
        "tiles.tif"
      })
  void pixelsAreThoseOfOpenCv(String name) throws IOException {
    assertEquals(0, difference(name));
  }

  @Test
  void grayLossyWebpIsNearOpenCv() throws IOException {
    assertTrue(difference("lossy.webp") <= 2);
  }

  private static int difference(String name) throws IOException {
    byte[] expected = RgbImage.read(file(name + ".png"), name).toBytes();
    RgbImage image = read(file(name), name);
    byte[] found = image.toBytes();
    assertEquals(expected.length, found.length);
    ImageSize size =
        ImageFormat.size(
            new ByteSource(name, new ByteArrayInputStream(file(name))), Limits.DEFAULTS);
    assertEquals(new ImageSize(image.width(), image.height()), size);
    int max = 0;
    for (int i = 0; i < found.length; i++) {
      max = Math.max(max, Math.abs((found[i] & 0xFF) - (expected[i] & 0xFF)));
    }
    return max;
  }

  @Test
  void aClaimedSizeBeyondTheLimitIsRefusedBeforeDecoding() {
    ByteBuffer tiff = ByteBuffer.allocate(38).order(ByteOrder.LITTLE_ENDIAN);
    tiff.putInt(0x002A4949).putInt(8).putShort((short) 2);
    tiff.putShort((short) 256).putShort((short) 4).putInt(1).putInt(60000);
    tiff.putShort((short) 257).putShort((short) 4).putInt(1).putInt(60000);
    assertRefused(ImageException.Reason.LIMIT_EXCEEDED, "60000 x 60000 pixels", tiff.array());

    ByteBuffer webp = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
    webp.put(new byte[] {'R', 'I', 'F', 'F', 18, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8', 'L'});
    webp.putInt(5).put((byte) 0x2F).putInt(0xFFFFFFF);
    assertRefused(ImageException.Reason.LIMIT_EXCEEDED, "16384 x 16384 pixels", webp.array());
  }

  @Test
  void aCanvasOfAnotherSizeThanTheImageIsRefused() throws IOException {
    byte[] canvas = {'V', 'P', '8', 'X', 10, 0, 0, 0, 0, 0, 0, 0, 0x5F, (byte) 0xEA, 0, 0x5F, 0, 0};
    byte[] image = file("lossless.webp");
    ByteBuffer webp = ByteBuffer.allocate(image.length + canvas.length);
    webp.put(image, 0, 12).put(canvas).put(image, 12, image.length - 12);
    assertRefused(ImageException.Reason.DAMAGED, "the canvas is", webp.array());
  }

  private static void assertRefused(ImageException.Reason reason, String part, byte[] file) {
    ImageException e = assertThrows(ImageException.class, () -> read(file, "a"));
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    assertEquals(reason, e.reason());
  }

  @Test
  void withoutThePlugInTheErrorNamesWhatToAdd() {
    UnsupportedOperationException e =
        assertThrows(
            UnsupportedOperationException.class,
            () -> new TwelveMonkeys("imageio-webp", "no.such.Provider").require());
    assertEquals(
        "to read it, add com.twelvemonkeys.imageio:imageio-webp:3.15.0 to the class path",
        String.valueOf(e.getMessage()));
  }

  @Test
  void otherFormatsHaveNoDecoder() {
    assertNull(ImageDecoders.of(new byte[0]));
    assertNull(ImageDecoders.of(new byte[] {'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E'}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alpha-lossless.webp",
        "lossy.webp",
        "bilevel.tif",
        "deflate.tif",
        "gray16.tif",
        "jpeg.tif",
        "lzw.tif",
        "palette.tif",
        "tiles.tif"
      })
  void damagedFilesGiveTypedErrorsOnly(String name) throws IOException {
    byte[] good = file(name);
    Random random = new Random(11);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = good.clone();
      for (int change = 0; change <= i % 4; change++) {
        bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt(256);
      }
      try {
        read(bad, name);
      } catch (ImageException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith(name + ": "), e.getMessage());
        assertNotEquals(ImageException.Reason.OUT_OF_MEMORY, e.reason());
      }
    }
  }

  private static RgbImage read(byte[] file, String name) {
    try {
      new WebpDecoder().size(new byte[0]);
    } catch (UnsupportedOperationException e) {
      assumeTrue(false, "TwelveMonkeys is not on the class path");
    } catch (IOException e) {
      assertNotNull(e.getMessage());
    }
    return RgbImage.read(file, name, ReadOptions.DEFAULTS);
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = ImageDecodersTest.class.getResourceAsStream("/images/optional/" + name)) {
      assertNotNull(in, name);
      return in.readAllBytes();
    }
  }
}
