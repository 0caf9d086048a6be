package ai.irmb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hostile file through the command line. {@code -Dirmb.hostile=FOLDER} takes another corpus
 * of the same form.
 */
class HostileCorpusTest {
  @TempDir Path out = Path.of("");

  @TestFactory
  Stream<DynamicTest> answersEveryFileAsTheManifestSays() {
    String given = System.getProperty("irmb.hostile", "");
    Path folder = given.isBlank() ? Shared.path("reference/hostile") : Path.of(given);
    JsonObject manifest = Shared.json(folder.resolve("MANIFEST.json")).getAsJsonObject();
    return StreamSupport.stream(manifest.getAsJsonArray("files").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("file").getAsString(),
                    () ->
                        assertTimeoutPreemptively(
                            Duration.ofSeconds(20), () -> answers(folder, row))));
  }

  private void answers(Path folder, JsonObject row) {
    String file = folder.resolve(row.get("file").getAsString()).toString();
    Path target = out.resolve(row.get("file").getAsString() + ".safetensors");
    String[] args =
        switch (row.get("kind").getAsString()) {
          case "weights" -> new String[] {"convert", "--weights", file, target.toString()};
          case "yaml" -> new String[] {"summary", "--config", file};
          default ->
              new String[] {"detect", "--weights", folder.resolve("good.pt").toString(), file};
        };
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
    String message = err.toString();
    String expect = row.get("expect").getAsString();
    if (code == 0) {
      assertFalse(expect.equals("error"), "it was taken");
      return;
    }
    assertFalse(expect.equals("load"), message);
    assertTrue(code == 1 || code == 2, "exit code " + code);
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("unexpected failure"), message);
    assertFalse(Files.exists(target), "something was written");
    for (JsonElement group : row.getAsJsonArray("says")) {
      boolean said =
          StreamSupport.stream(group.getAsJsonArray().spliterator(), false)
              .anyMatch(
                  word ->
                      message
                          .toLowerCase(Locale.ROOT)
                          .contains(word.getAsString().toLowerCase(Locale.ROOT)));
      assertTrue(said, "none of " + group + " in: " + message);
    }
  }
}
