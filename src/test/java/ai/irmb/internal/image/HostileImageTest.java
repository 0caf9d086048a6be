package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.testing.Bounded;
import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every image of the hostile corpus meets what its manifest says. */
@Tag("fast")
class HostileImageTest {
  private static final Path SMALL = Path.of("src/test/resources/reference/images");

  @TestFactory
  Stream<DynamicTest> meetsManifest() {
    return rows(SMALL);
  }

  @TestFactory
  Stream<DynamicTest> meetsSharedManifest() {
    return rows(Shared.path("reference/hostile"));
  }

  private static Stream<DynamicTest> rows(Path folder) {
    JsonObject manifest = Shared.json(folder.resolve("MANIFEST.json")).getAsJsonObject();
    return StreamSupport.stream(manifest.getAsJsonArray("files").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("kind").getAsString().equals("picture"))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("file").getAsString(), () -> Bounded.ends(() -> check(folder, row))));
  }

  private static void check(Path folder, JsonObject row) throws IOException {
    String expect = row.get("expect").getAsString();
    String file = row.get("file").getAsString();
    RgbImage image;
    try {
      image = RgbImage.read(folder.resolve(file));
    } catch (ImageException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(!expect.equals("load"), message);
      assertTrue(message.startsWith(folder.resolve(file) + ": "), message);
      for (JsonElement group : row.getAsJsonArray("says")) {
        assertTrue(
            StreamSupport.stream(group.getAsJsonArray().spliterator(), false)
                .anyMatch(word -> message.toLowerCase(Locale.ROOT).contains(word.getAsString())),
            message);
      }
      return;
    }
    assertTrue(!expect.equals("error"), () -> "was read as " + image);
    ImageOracle.check(row.getAsJsonObject("oracle"), image);
  }
}
