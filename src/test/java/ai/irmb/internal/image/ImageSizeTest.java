package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A size without the pixels is the size with them. */
@Tag("fast")
class ImageSizeTest {
  @TempDir private Path folder = Path.of("");

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a"), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
  void isThatOfTheImage(String format) throws IOException {
    Path file = file(Encoded.of(Images.noise(21, 13, 5), format));
    assertEquals(new ImageSize(21, 13), ImageSize.read(file, Limits.DEFAULTS));
    ImageException e =
        assertThrows(
            ImageException.class,
            () -> ImageSize.read(file, Limits.DEFAULTS.with(Limit.PIXELS, 21 * 13 - 1)));
    assertTrue(e.toString().contains("--limit pixels"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void seesThatPixelsAreMissing(String format) throws IOException {
    byte[] whole = Encoded.of(Images.noise(21, 13, 5), format);
    for (int length = 0; length < whole.length - 16; length += 7) {
      Path file = file(Arrays.copyOf(whole, length));
      assertThrows(ImageException.class, () -> ImageSize.read(file, Limits.DEFAULTS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void acceptsAMissingEndMarker(String format) throws IOException {
    byte[] whole = Encoded.of(Images.noise(21, 13, 5), format);
    Path file = file(Arrays.copyOf(whole, whole.length - 2));
    assertEquals(new ImageSize(21, 13), ImageSize.read(file, Limits.DEFAULTS));
  }

  @Test
  void seesAPngsTurnBehindItsPixels() throws IOException {
    byte[] tiff = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0};
    byte[] whole = Encoded.of(Images.noise(21, 13, 5), "png");
    byte[] chunk = new byte[4 + tiff.length];
    System.arraycopy(new byte[] {'e', 'X', 'I', 'f'}, 0, chunk, 0, 4);
    System.arraycopy(tiff, 0, chunk, 4, tiff.length);
    CRC32 crc = new CRC32();
    crc.update(chunk);
    int end = whole.length - 12;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, end);
    out.writeBytes(ByteBuffer.allocate(4).putInt(tiff.length).array());
    out.writeBytes(chunk);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    out.write(whole, end, 12);
    Path file = file(out.toByteArray());
    assertEquals(13, RgbImage.read(file).width());
    assertEquals(new ImageSize(13, 21), ImageSize.read(file, Limits.DEFAULTS));
    byte[] wrong = out.toByteArray();
    wrong[wrong.length - 20]++;
    assertEquals(new ImageSize(21, 13), ImageSize.read(file(wrong), Limits.DEFAULTS));
  }
}
