package ai.irmb.internal.network;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.limit.Limits;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped configs, loaded from the class path, compared with the tables that the source article
 * prints.
 */
@Tag("fast")
class ConfigsTest {
  private static Model describe(String name) {
    return ModelAssembly.describe(
        ModelConfig.load(name, Limits.DEFAULTS), BlockRegistry.standard());
  }

  private static JsonObject articleTable() throws IOException {
    try (Reader in =
        new InputStreamReader(
            requireNonNull(
                ConfigsTest.class.getResourceAsStream("/reference/models/article-table.json")),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    }
  }

  private static String pythonToJson(String list) {
    return list.replace('\'', '"')
        .replace("None", "null")
        .replace("True", "true")
        .replace("False", "false");
  }

  @Test
  void articleConfigHasTheTwentyEightLayersOfTheArticle() throws IOException {
    JsonObject expected = articleTable().getAsJsonObject("irmb");
    Summary summary = Summary.of(describe("yolov5_iRMB.yaml"), 640, 640);
    assertEquals(28, summary.layers().size());
    for (int i = 0; i < 28; i++) {
      JsonObject row = expected.getAsJsonArray("layers").get(i).getAsJsonObject();
      LayerSummary actual = summary.layers().get(i);
      assertEquals(row.get("params").getAsLong(), actual.parameters(), "layer " + i);
      assertTrue(actual.module().endsWith(row.get("module").getAsString()), "layer " + i);
      assertEquals(
          row.get("arguments"),
          JsonParser.parseString(pythonToJson(actual.arguments().toString())));
      JsonElement from = row.get("from");
      assertEquals(from.isJsonArray(), actual.isFromList());
      assertEquals(
          from.isJsonArray() ? from.toString() : "[" + from + "]",
          actual.from().toString().replace(" ", ""),
          "layer " + i);
      assertEquals(row.get("n").getAsInt(), actual.repeats(), "layer " + i);
    }
    assertEquals(84_787_133, summary.parameters());
    assertEquals(expected.get("flops_640").getAsLong(), summary.flops());
  }

  @Test
  void networkWithStandardBottlenecksIsSmaller() throws IOException {
    Summary summary = Summary.of(describe("yolov5l_iRMB.yaml"), 640, 640);
    assertEquals(52_092_029, summary.parameters());
    assertEquals(
        articleTable().getAsJsonObject("standard").get("flops_640").getAsLong(), summary.flops());
  }

  @Test
  void segmentationConfigHasMasks() {
    assertEquals(32, describe("yolov5_iRMB-seg.yaml").network().head().layout().masks());
  }

  @Test
  void everyConfigInTheFolderIsInTheJar() throws IOException {
    List<Path> files;
    try (var folder = Files.list(Path.of("configs"))) {
      files = folder.toList();
    }
    assertEquals(17, files.size());
    for (Path file : files) {
      assertTrue(
          describe(String.valueOf(file.getFileName())).network().size() > 20, file.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"n:1872157", "s:7235389", "m:21190557", "l:46563709", "x:86749405"})
  void standardConfigsHaveTheParameterCountsOfYolov5(String row) {
    String[] fields = row.split(":", 2);
    Summary summary = Summary.of(describe("yolov5" + fields[0] + ".yaml"), 640, 640);
    assertEquals(Long.parseLong(fields[1]), summary.parameters());
  }
}
