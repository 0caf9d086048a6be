package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images from elsewhere that were once refused; the oracle is a CRC of the R, G, B bytes. */
@Tag("reference")
class TrialImagesTest {
  private static Path image(String name) {
    return Shared.path("trials/pictures").resolve(name);
  }

  private static void assertPixels(long crc, RgbImage image) {
    CRC32 actual = new CRC32();
    actual.update(image.toBytes());
    assertEquals(crc, actual.getValue());
    assertEquals("405 x 540 pixels", image.toString());
  }

  /** Decoded by OpenCV 4.6, the BMP by Pillow 12. */
  @ParameterizedTest
  @CsvSource({
    "sub2.jpg, 2020172130",
    "trunc_2.jpg, 2020172130",
    "a.mpo, 2020172130",
    "badcrc_text.png, 468962135",
    "rle8.bmp, 75791038"
  })
  void givesThePixelsOfOpenCvOrPillow(String name, long crc) throws IOException {
    assertPixels(crc, RgbImage.read(image(name)));
  }

  @Test
  void readsHalfAJpegOnRequest() throws IOException {
    Path half = image("trunc_half.jpg");
    assertThrows(ImageException.class, () -> RgbImage.read(half));
    assertPixels(2044613090, RgbImage.read(half, ReadOptions.DEFAULTS.withAcceptTruncated(true)));
  }
}
