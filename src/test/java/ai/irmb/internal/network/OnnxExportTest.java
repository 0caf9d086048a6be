package ai.irmb.internal.network;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OnnxRun;
import ai.irmb.testing.Shared;
import ai.irmb.testing.Tolerance;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Exported networks in ONNX Runtime, compared with eager execution at several sizes. */
@Tag("engine")
class OnnxExportTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void shippedModelMatchesEagerExecution() throws IOException {
    try (OnnxRun run = check(Path.of("models/bccd-yolov5n_iRMB.pt"))) {
      assertEquals("32", run.metadata().get("stride"));
      assertEquals("{0: 'RBC', 1: 'WBC', 2: 'Platelets'}", run.metadata().get("names"));
    }
  }

  @TestFactory
  Stream<DynamicTest> networksAndVariantsMatchEagerExecution() {
    return Stream.of("models", "variants")
        .map(name -> Shared.path("reference/" + name))
        .flatMap(
            reference ->
                rows(reference)
                    .filter(
                        row -> !row.has("expect") || row.get("expect").getAsString().equals("load"))
                    .map(row -> row.get("name").getAsString())
                    .map(
                        name ->
                            DynamicTest.dynamicTest(
                                name, () -> check(reference.resolve(name + ".pt")).close())));
  }

  private OnnxRun check(Path weights) throws IOException {
    Model model =
        ModelAssembly.assemble(
            CheckpointReader.read(weights, Limits.DEFAULTS),
            null,
            BlockRegistry.standard(),
            Limits.DEFAULTS);
    Path file = folder.resolve(weights.getFileName() + ".onnx");
    OnnxExport.write(model, OnnxExport.DEFAULT_OPSET, true, file);
    OnnxRun run = OnnxRun.of(Files.readAllBytes(file));
    Path reference =
        weights.resolveSibling(String.valueOf(weights.getFileName()).replace(".pt", ".npz"));
    if (Files.exists(reference)) {
      // The random networks are badly conditioned: for noise, their results depend on rounding.
      HostTensor x = requireNonNull(NpzFile.read(reference, Limits.DEFAULTS).arrays().get("x"));
      check(model, run, x.shape(), x.toFloats());
      if (reference.toString().contains("variants")) {
        return run;
      }
      Shape s = x.shape();
      float[] transposed = transposed(x.toFloats(), s);
      float[] twice = Arrays.copyOf(transposed, 2 * transposed.length);
      System.arraycopy(transposed, 0, twice, transposed.length, transposed.length);
      check(model, run, Shape.of(2 * s.get(0), s.get(1), s.get(3), s.get(2)), twice);
    } else {
      int step = (int) model.strides().stream().mapToDouble(s -> s).max().orElseThrow();
      check(model, run, 1, 2 * step, 3 * step);
      check(model, run, 2, 5 * step, step);
      check(model, run, 2, 7 * step, 4 * step);
    }
    return run;
  }

  private static void check(Model model, OnnxRun run, int n, int h, int w) {
    Shape shape = Shape.of(n, model.channels(), h, w);
    float[] pixels = new float[(int) shape.elements()];
    Random random = new Random(11);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 255f;
    }
    check(model, run, shape, pixels);
  }

  /** Swaps height and width. */
  private static float[] transposed(float[] in, Shape s) {
    int h = (int) s.get(2);
    int w = (int) s.get(3);
    float[] out = new float[in.length];
    for (int i = 0; i < in.length; i++) {
      int plane = i / (h * w);
      out[plane * h * w + i % w * h + i / w % h] = in[i];
    }
    return out;
  }

  private static void check(Model model, OnnxRun run, Shape shape, float[] pixels) {
    Map<String, HostTensor> actual = run.outputs(HostTensor.of(shape, pixels));
    Map<String, HostTensor> expected = new LinkedHashMap<>();
    LayerTrace.run(
        model,
        "cpu",
        shape,
        pixels,
        (name, sizes, values) -> expected.put(name, HostTensor.of(sizes, values)));
    compare(
        "output0", requireNonNull(expected.get("decoded")), requireNonNull(actual.get("output0")));
    assertEquals(expected.containsKey("proto"), actual.containsKey("output1"));
    if (expected.containsKey("proto")) {
      compare(
          "output1", requireNonNull(expected.get("proto")), requireNonNull(actual.get("output1")));
    }
    for (int i = 0; i < model.strides().size(); i++) {
      compare(
          "raw" + i,
          requireNonNull(expected.get("raw" + i)),
          separateAnchors(model, requireNonNull(actual.get("raw" + i))));
    }
    assertFalse(actual.isEmpty());
  }

  /** (N, anchors · values, H, W) → (N, anchors, H, W, values). */
  private static HostTensor separateAnchors(Model model, HostTensor map) {
    int values = model.network().head().layout().valuesPerAnchor();
    Shape s = map.shape();
    int cells = (int) (s.get(2) * s.get(3));
    float[] in = map.toFloats();
    float[] out = new float[in.length];
    for (int i = 0; i < in.length; i++) {
      int plane = i / (values * cells);
      int value = i / cells % values;
      out[(plane * cells + i % cells) * values + value] = in[i];
    }
    return HostTensor.of(Shape.of(s.get(0), s.get(1) / values, s.get(2), s.get(3), values), out);
  }

  private static void compare(String what, HostTensor expected, HostTensor actual) {
    assertEquals(expected.shape(), actual.shape(), what);
    Tolerance.check(what, expected.toFloats(), actual.toFloats(), Tolerance.REFERENCE);
  }

  private static Stream<JsonObject> rows(Path reference) {
    JsonObject index = Shared.json(reference.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray("networks").spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }
}
