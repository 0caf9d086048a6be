package ai.irmb.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The summary of each reference network, compared with the table that YOLOv5 prints. */
@Tag("reference")
class SummaryReferenceTest {
  @TestFactory
  Stream<DynamicTest> rowsAreThoseOfYolov5() {
    return Stream.of("models", "variants").flatMap(SummaryReferenceTest::networks);
  }

  private static Stream<DynamicTest> networks(String name) {
    Path folder = Shared.reference(name);
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonElement element :
        index.getAsJsonArray(index.has("networks") ? "networks" : "models")) {
      JsonObject row = element.getAsJsonObject();
      Path file = folder.resolve(row.get("name").getAsString());
      boolean loads = !row.has("expect") || row.get("expect").getAsString().equals("load");
      if (loads && row.has("layers") && Files.exists(Path.of(file + ".pt"))) {
        tests.add(DynamicTest.dynamicTest(file.toString(), () -> compare(row, file)));
      }
    }
    return tests.stream();
  }

  private static void compare(JsonObject row, Path file) {
    Model model =
        ModelAssembly.assemble(
            CheckpointReader.read(Path.of(file + ".pt"), Limits.DEFAULTS),
            ModelConfig.read(Path.of(file + ".yaml"), Limits.DEFAULTS),
            BlockRegistry.standard(),
            Limits.DEFAULTS);
    // The table was printed before the norms were folded.
    boolean isFused = row.has("fused") && row.get("fused").getAsBoolean();
    for (int i = 0; i < model.layers().size(); i++) {
      JsonObject expected = row.getAsJsonArray("layers").get(i).getAsJsonObject();
      LayerSummary actual = model.layers().get(i);
      if (!isFused) {
        assertEquals(expected.get("params").getAsLong(), actual.parameters(), "layer " + i);
      }
      assertEquals(expected.get("n").getAsInt(), actual.repeats(), "layer " + i);
      assertEquals(
          expected.get("arguments"),
          JsonParser.parseString(
              actual
                  .arguments()
                  .toString()
                  .replace('\'', '"')
                  .replace("None", "null")
                  .replace("True", "true")
                  .replace("False", "false")),
          "layer " + i);
    }
  }
}
