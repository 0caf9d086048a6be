package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every image of the reference, byte for byte: those in this checkout, and the shared ones. */
@Tag("reference")
class LetterboxReferenceTest {
  private static final Path SMALL = Path.of("src/test/resources/reference/letterbox");

  @TestFactory
  Stream<DynamicTest> letterboxesAsUpstream() {
    return rows(SMALL, "letterbox", LetterboxReferenceTest::letterboxesAsUpstream);
  }

  @TestFactory
  Stream<DynamicTest> letterboxesAllAsUpstream() {
    return rows(shared(), "letterbox", LetterboxReferenceTest::letterboxesAsUpstream);
  }

  @TestFactory
  Stream<DynamicTest> refusesImagesThatWouldVanish() {
    return rows(shared(), "letterbox_errors", LetterboxReferenceTest::refuses);
  }

  @TestFactory
  Stream<DynamicTest> decodesJpegAsUpstream() {
    return rows(SMALL, "jpeg", LetterboxReferenceTest::decodesJpeg);
  }

  @TestFactory
  Stream<DynamicTest> decodesAllJpegAsUpstream() {
    return rows(shared(), "jpeg", LetterboxReferenceTest::decodesJpeg);
  }

  private static void letterboxesAsUpstream(Path folder, JsonObject row) throws IOException {
    check(folder, row, RgbImage.read(folder.resolve(row.get("input").getAsString())));
  }

  private static void decodesJpeg(Path folder, JsonObject row) throws IOException {
    Path file = folder.resolve(row.get("input").getAsString());
    RgbImage decoded = RgbImage.read(file);
    assertEquals(
        new ImageSize(decoded.width(), decoded.height()), ImageSize.read(file, Limits.DEFAULTS));
    Images.assertSame(RgbImage.read(folder.resolve(row.get("decoded").getAsString())), decoded);
    check(folder, row, decoded);
  }

  private static void refuses(Path folder, JsonObject row) throws IOException {
    RgbImage image = RgbImage.read(folder.resolve(row.get("input").getAsString()));
    ImageException e = assertThrows(ImageException.class, () -> geometry(row, image));
    assertTrue(e.toString().contains("is too narrow"), e.toString());
  }

  private static LetterboxGeometry geometry(JsonObject row, RgbImage image) {
    int[] target = Images.pair(row, "target_hw");
    return LetterboxGeometry.of(
        image.width(),
        image.height(),
        target[1],
        target[0],
        row.get("auto").getAsBoolean(),
        row.get("scaleup").getAsBoolean(),
        row.get("stride").getAsInt());
  }

  private static void check(Path folder, JsonObject row, RgbImage image) throws IOException {
    LetterboxGeometry geometry = geometry(row, image);
    int[] output = Images.pair(row, "output_hw");
    assertEquals(output[0], geometry.height());
    assertEquals(output[1], geometry.width());
    assertEquals(row.getAsJsonArray("ratio_wh").get(0).getAsDouble(), geometry.ratio());
    assertEquals(row.getAsJsonArray("pad_wh").get(0).getAsDouble(), geometry.padX());
    assertEquals(row.getAsJsonArray("pad_wh").get(1).getAsDouble(), geometry.padY());
    RgbImage expected = RgbImage.read(folder.resolve(row.get("expected").getAsString()));
    Images.assertSame(expected, Letterbox.apply(image, geometry));
    Images.assertSame(expected, asSecond(image, geometry));
  }

  /** {@return the image written as the second of a batch} */
  private static RgbImage asSecond(RgbImage image, LetterboxGeometry geometry) {
    int bytes = geometry.bytes();
    ByteBuffer batch = ByteBuffer.allocateDirect(2 * bytes);
    Letterbox.apply(image, geometry, batch, bytes);
    byte[] pixels = new byte[bytes];
    batch.get(bytes, pixels);
    for (int i = 0; i < bytes; i++) {
      assertEquals(0, batch.get(i));
    }
    return RgbImageAccess.wrap(geometry.width(), geometry.height(), pixels);
  }

  private static Path shared() {
    return Shared.path("reference/letterbox");
  }

  /** What is done with a row. */
  private interface Check {
    void accept(Path folder, JsonObject row) throws IOException;
  }

  private static Stream<DynamicTest> rows(Path folder, String key, Check check) {
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray(key).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("name").getAsString(), () -> check.accept(folder, row)));
  }
}
