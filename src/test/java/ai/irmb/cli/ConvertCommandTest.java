package ai.irmb.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is converted detects as what it was made from, bit for bit. */
class ConvertCommandTest {
  private static final Path PICTURE = Path.of("models/sample/blood-cells.jpg");

  /** Low, so that networks that never learned anything find something too. */
  private static final DetectOptions OPTIONS =
      DetectOptions.DEFAULTS.withSize(96).withConfidence(0.001);

  @TempDir private Path folder = Path.of("");

  private record Case(String name, Path weights, @Nullable Path yaml) {}

  @Test
  void shippedModels() throws IOException {
    for (String name : List.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck")) {
      Case shipped = new Case(name, Path.of("models", name + ".pt"), null);
      detectsTheSame(shipped);
      foldedDetectsTheSame(shipped);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCheckpoint() {
    return cases().map(each -> DynamicTest.dynamicTest(each.name(), () -> detectsTheSame(each)));
  }

  @TestFactory
  Stream<DynamicTest> everyCheckpointFolded() {
    return cases()
        .filter(each -> !each.name().contains("-raw") && !each.name().contains("names"))
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> foldedDetectsTheSame(each)));
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
    return cases.stream();
  }

  private void detectsTheSame(Case each) throws IOException {
    Path converted = convert(each);
    assertEquals(
        detect(each.weights(), each.yaml(), ExecutionMode.EAGER),
        detect(converted, null, ExecutionMode.EAGER));
  }

  private void foldedDetectsTheSame(Case each) throws IOException {
    Path converted = convert(each, "--fold");
    Path plain = convert(each);
    assertEquals(
        detect(plain, null, ExecutionMode.COMPILED),
        detect(converted, null, ExecutionMode.COMPILED));
    Path again = folder.resolve("again.safetensors");
    run("convert", "--weights", converted.toString(), "--fold", again.toString());
    assertArrayEquals(Files.readAllBytes(converted), Files.readAllBytes(again));
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
      Detections found = detector.detect(RgbImage.read(PICTURE, Limits.DEFAULTS));
      assertTrue(!found.isEmpty(), "nothing was found, nothing is compared");
      return found;
    }
  }
}
