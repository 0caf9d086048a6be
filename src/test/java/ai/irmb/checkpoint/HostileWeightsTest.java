package ai.irmb.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every weight file of the hostile corpus, against its manifest. */
class HostileWeightsTest {
  @TestFactory
  @EnabledIfSystemProperty(named = "irmb.shared", matches = ".+")
  Stream<DynamicTest> answerAsTheManifestSays() {
    Path folder = SharedFiles.path("reference/hostile");
    JsonObject manifest = SharedFiles.json(folder.resolve("MANIFEST.json")).getAsJsonObject();
    JsonObject oracles = manifest.getAsJsonObject("oracles");
    return StreamSupport.stream(manifest.getAsJsonArray("files").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("kind").getAsString().equals("weights"))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("file").getAsString(),
                    () ->
                        assertTimeoutPreemptively(
                            Duration.ofSeconds(10), () -> check(folder, row, oracles))));
  }

  private static void check(Path folder, JsonObject row, JsonObject oracles) {
    Path file = folder.resolve(row.get("file").getAsString());
    if (row.get("expect").getAsString().equals("error")) {
      checkRefused(file, row.getAsJsonArray("says"));
      return;
    }
    JsonObject oracle = oracles.getAsJsonObject(row.get("oracle").getAsString());
    checkTensors(
        CheckpointReader.read(file, Limits.DEFAULTS).weights().tensors(),
        oracle.getAsJsonObject("tensors"));
  }

  private static void checkRefused(Path file, JsonArray says) {
    String message = SharedFiles.refusal(file);
    assertTrue(message.startsWith(file.getFileName() + ": "), message);
    for (JsonElement group : says) {
      assertTrue(
          StreamSupport.stream(group.getAsJsonArray().spliterator(), false)
              .map(word -> word.getAsString().toLowerCase(Locale.ROOT))
              .anyMatch(message.toLowerCase(Locale.ROOT)::contains),
          () -> message + " says none of " + group);
    }
  }

  static void checkTensors(Map<String, HostTensor> tensors, JsonObject oracle) {
    assertEquals(new TreeSet<>(oracle.keySet()), new TreeSet<>(tensors.keySet()));
    oracle
        .entrySet()
        .forEach(
            entry -> {
              JsonObject expected = entry.getValue().getAsJsonObject();
              HostTensor actual = Objects.requireNonNull(tensors.get(entry.getKey()));
              List<Long> shape = new ArrayList<>();
              expected.getAsJsonArray("shape").forEach(size -> shape.add(size.getAsLong()));
              assertEquals(new Shape(shape), actual.shape(), entry.getKey());
              assertEquals(
                  expected.get("sha256").getAsString(), SharedFiles.digest(actual), entry.getKey());
            });
  }
}
