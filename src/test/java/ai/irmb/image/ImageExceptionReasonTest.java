package ai.irmb.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.error.ImageException;
import ai.irmb.error.ImageException.Reason;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An application can respond to each reason in its own way. */
@Tag("fast")
class ImageExceptionReasonTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  private static Reason reason(byte[] file, ReadOptions options) {
    return assertThrows(ImageException.class, () -> RgbImage.read(file, "image", options)).reason();
  }

  @Test
  void tellsWhyAnImageWasRefused() throws Exception {
    byte[] image = Files.readAllBytes(IMAGE);
    byte[] text = "text".getBytes(StandardCharsets.UTF_8);
    assertEquals(Reason.UNSUPPORTED, reason(text, ReadOptions.DEFAULTS));
    assertEquals(
        Reason.DAMAGED, reason(Arrays.copyOf(image, image.length / 2), ReadOptions.DEFAULTS));
    for (Limit limit : new Limit[] {Limit.PIXELS, Limit.SIDE}) {
      assertEquals(
          Reason.LIMIT_EXCEEDED,
          reason(image, ReadOptions.DEFAULTS.withLimits(Limits.DEFAULTS.with(limit, 100))));
    }
  }
}
