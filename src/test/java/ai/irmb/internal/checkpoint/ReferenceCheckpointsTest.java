package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Checkpoints of every version of YOLOv5, compared with what that version loads from them. */
@Tag("reference")
class ReferenceCheckpointsTest {
  /** Readable checkpoints that are refused only when a network is built. */
  private static final Set<String> READABLE =
      Set.of(
          "state-dict-without-yaml",
          "state-dict-wrong-nc",
          "state-dict-missing",
          "state-dict-surplus",
          "unknown-module");

  @TestFactory
  @EnabledIfSystemProperty(named = "irmb.shared", matches = ".+")
  Stream<DynamicTest> checkpointsLoadAsInYolov5() {
    Path folder = SharedFiles.path("reference/checkpoints");
    JsonArray files =
        SharedFiles.json(folder.resolve("index.json")).getAsJsonObject().getAsJsonArray("files");
    return StreamSupport.stream(files.spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(row -> DynamicTest.dynamicTest(name(row), () -> check(folder, row)));
  }

  private static String name(JsonObject row) {
    return row.get("name").getAsString();
  }

  private static void check(Path folder, JsonObject row) {
    Path file = folder.resolve(row.get("file").getAsString());
    if (name(row).equals("calls-out")) {
      assertMessageHolds(file, row.getAsJsonArray("if_unsupported"));
    } else if (row.get("expect").getAsString().equals("load")) {
      checkLoaded(CheckpointReader.read(file, Limits.DEFAULTS), row);
    } else if (!READABLE.contains(name(row))) {
      assertMessageHolds(file, row.getAsJsonArray("words"));
    } else {
      CheckpointReader.read(file, Limits.DEFAULTS);
    }
  }

  private static void assertMessageHolds(Path file, JsonArray words) {
    String message = SharedFiles.readError(file);
    for (JsonElement word : words) {
      assertTrue(
          message.toLowerCase(Locale.ROOT).contains(word.getAsString().toLowerCase(Locale.ROOT)),
          message);
    }
  }

  private static void checkLoaded(Checkpoint checkpoint, JsonObject row) {
    Map<String, HostTensor> tensors = checkpoint.weights().tensors();
    JsonObject stateDict = row.getAsJsonObject("state_dict");
    assertEquals(
        stateDict.get("float_entries").getAsLong(),
        tensors.values().stream().filter(t -> t.dtype().isFloating()).count());
    assertEquals(stateDict.get("sha256").getAsString(), SharedFiles.digest(tensors));
    if (row.get("names").isJsonNull()) {
      assertTrue(checkpoint.names().isEmpty());
      assertTrue(checkpoint.strides().isEmpty());
      return;
    }
    List<String> names = new ArrayList<>();
    row.getAsJsonArray("names").forEach(name -> names.add(name.getAsString()));
    assertEquals(names, List.copyOf(checkpoint.names().values()));
    assertEquals(doubles(row.getAsJsonArray("stride")), checkpoint.strides());
    List<List<Double>> anchors = new ArrayList<>();
    for (JsonElement level : row.getAsJsonArray("anchors")) {
      List<Double> pairs = new ArrayList<>();
      level.getAsJsonArray().forEach(pair -> pairs.addAll(doubles(pair.getAsJsonArray())));
      anchors.add(pairs);
    }
    assertEquals(anchors, checkpoint.anchors());
    assertEquals(row.get("params").getAsLong(), parameters(tensors));
  }

  private static long parameters(Map<String, HostTensor> tensors) {
    return tensors.entrySet().stream()
        .filter(
            e ->
                !e.getKey()
                    .matches(
                        ".*\\.(running_mean|running_var|num_batches_tracked|anchors|anchor_grid)"))
        .mapToLong(e -> e.getValue().shape().elements())
        .sum();
  }

  private static List<Double> doubles(JsonArray array) {
    List<Double> out = new ArrayList<>();
    array.forEach(number -> out.add(number.getAsDouble()));
    return out;
  }
}
