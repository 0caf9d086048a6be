package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is converted, folded or not, detects as what it was made from, bit for bit. */
@Tag("engine")
class ConvertCommandTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  /** Low, so that networks that never learned anything find something too. */
  private static final DetectOptions OPTIONS =
      DetectOptions.DEFAULTS.withSize(96).withConfidenceThreshold(0.001);

  @TempDir private Path folder = Path.of("");

  private record Case(String name, Path weights, @Nullable Path yaml) {}

  @Test
  void shippedModels() throws IOException {
    for (String name : List.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck")) {
      Case shipped = new Case(name, Path.of("models", name + ".pt"), null);
      detectsTheSame(shipped);
      assertEquals(
          detect(shipped.weights(), null, ExecutionMode.EAGER),
          detect(convert(shipped), null, ExecutionMode.EAGER));
    }
  }

  @TestFactory
  Stream<DynamicTest> checkpoints() {
    List<Case> all = cases().toList();
    int step = Boolean.getBoolean("irmb.thorough") ? 1 : 2;
    return IntStream.range(0, all.size())
        .filter(i -> i % step == 0)
        .mapToObj(all::get)
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> detectsTheSame(each)));
  }

  @Test
  void foldsOnce() throws IOException {
    Path first = convert(new Case("", Path.of("models/bccd-yolov5n_iRMB.pt"), null), "--fold");
    Path again = convert(new Case("", first, null), "--fold", "--dtype", "keep");
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(again));
    Map<String, HostTensor> tensors =
        CheckpointReader.read(first, Limits.DEFAULTS).weights().tensors();
    assertTrue(tensors.containsKey("model.0.conv.bias"));
    assertFalse(tensors.containsKey("model.0.bn.weight"));
    assertTrue(tensors.containsKey("model.18.norm.weight"), "zeros are padded behind this norm");
  }

  @Test
  void foldsInAnyPrecision() throws IOException {
    Case shipped = new Case("", Path.of("models/bccd-yolov5n_iRMB.pt"), null);
    for (String dtype : List.of("fp32", "fp16", "bf16")) {
      Path folded = convert(shipped, "--fold", "--dtype", dtype);
      Detections expected = detect(shipped.weights(), null, ExecutionMode.COMPILED);
      Detections found = detect(folded, null, ExecutionMode.COMPILED);
      double off = Math.abs(expected.get(0).confidence() - found.get(0).confidence());
      assertTrue(off <= (dtype.equals("fp32") ? 0 : dtype.equals("fp16") ? 2e-3 : 2e-2), dtype);
    }
  }

  @Test
  void foldingNeedsToKnowTheNetwork() {
    Path bare = Shared.path("reference/models/hub-yolov5n.state_dict.pt");
    StringWriter err = new StringWriter();
    Path out = folder.resolve("none.safetensors");
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            new String[] {"convert", "--weights", bare.toString(), "--fold", out.toString()});
    assertEquals(1, code);
    assertTrue(err.toString().contains("pass its model YAML with it"), err.toString());
    assertFalse(Files.exists(out));
  }

  private static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String part : List.of("checkpoints", "models", "variants")) {
      Path reference = Shared.path("reference/" + part);
      JsonObject index = Shared.json(reference.resolve("index.json")).getAsJsonObject();
      for (JsonElement element : index.getAsJsonArray(index.has("files") ? "files" : "networks")) {
        JsonObject row = element.getAsJsonObject();
        String name = row.get("name").getAsString();
        boolean loads = !row.has("expect") || row.get("expect").getAsString().equals("load");
        if (loads && !name.equals("calls-out")) {
          String file = row.has("file") ? row.get("file").getAsString() : name + ".pt";
          Path yaml = row.has("yaml") ? reference.resolve(row.get("yaml").getAsString()) : null;
          cases.add(new Case(part + " " + name, reference.resolve(file), yaml));
        }
      }
    }
    Path coco = Shared.path("data/checkpoints/yolov5n-coco.pt");
    cases.add(new Case("yolov5n-coco", coco, null));
    return cases.stream();
  }

  private void detectsTheSame(Case each) throws IOException {
    Detections expected = detect(each.weights(), each.yaml(), ExecutionMode.COMPILED);
    assertEquals(expected, detect(convert(each), null, ExecutionMode.COMPILED));
    // Most checkpoints of the versions differ in what is around the same network.
    if (!each.name().startsWith("checkpoints") || each.name().contains("fused")) {
      assertEquals(expected, detect(convert(each, "--fold"), null, ExecutionMode.COMPILED));
    }
  }

  private Path convert(Case each, String... options) {
    Path out = folder.resolve("out" + options.length + ".safetensors");
    List<String> line = new ArrayList<>(List.of("convert", "--weights", each.weights().toString()));
    if (each.yaml() != null) {
      line.addAll(List.of("--config", each.yaml().toString()));
    }
    line.addAll(List.of(options));
    line.add(out.toString());
    run(line.toArray(String[]::new));
    return out;
  }

  private static void run(String... line) {
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), line);
    assertEquals(0, code, err.toString());
  }

  private static Detections detect(Path weights, @Nullable Path yaml, ExecutionMode mode)
      throws IOException {
    Detector.Builder builder =
        Detector.builder().weights(weights).device("cpu").execution(mode).options(OPTIONS);
    if (yaml != null) {
      builder.config(yaml.toString());
    }
    try (Detector detector = builder.build()) {
      Detections found = detector.detect(RgbImage.read(IMAGE));
      assertTrue(!found.isEmpty(), "nothing was found, nothing is compared");
      return found;
    }
  }
}
