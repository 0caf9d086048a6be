package example;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detection;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.checkpoint.CheckpointWriter;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.network.LayerSummary;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.Summary;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OnnxRun;
import ai.irmb.testing.SameDetections;
import ai.irmb.testing.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The block of {@code docs/add-a-block.md}, in a package outside the library: the network of the
 * shipped weights with an {@link Eca} in place of each iRMB.
 */
@Tag("engine")
class AddABlockTest {
  private static final Path SHIPPED = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final BlockRegistry REGISTRY = BlockRegistry.standard().with(Eca.TYPE);

  /** The layers with attention, and their kernel sizes for 64, 128 and 256 channels. */
  private static final Map<Integer, Integer> KERNELS = Map.of(18, 3, 22, 5, 26, 5);

  @TempDir private Path folder = Path.of("");

  private static String yaml() throws IOException {
    return Files.readString(Path.of("configs/yolov5n_iRMB.yaml"))
        .replace("nc: 80", "nc: 3")
        .replace("iRMB, []", "ECA, []");
  }

  private static StateDict weights(Checkpoint shipped) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(shipped.weights().tensors());
    tensors.keySet().removeIf(key -> key.matches("model\\.(18|22|26)\\..*"));
    Random random = new Random(5);
    KERNELS.forEach(
        (layer, k) -> {
          float[] kernel = new float[k];
          for (int i = 0; i < k; i++) {
            kernel[i] = (float) random.nextGaussian();
          }
          tensors.put("model." + layer + ".conv.weight", HostTensor.of(Shape.of(1, 1, k), kernel));
        });
    return new StateDict("eca.pt", tensors);
  }

  /** The modules as a training program pickles them, including those without weights. */
  private static ModuleTree pickled(ModuleTree shipped) {
    ModuleTree model = requireNonNull(shipped.children().get("model"));
    Map<String, ModuleTree> layers = new LinkedHashMap<>(model.children());
    KERNELS.forEach(
        (layer, k) ->
            layers.put(
                String.valueOf(layer),
                TorchModules.of("models.attention.ECA")
                    .attribute("f", -1)
                    .attribute("i", (int) layer)
                    .child("avg_pool", TorchModules.of("torch.nn.AdaptiveAvgPool2d").build())
                    .child(
                        "conv",
                        TorchModules.of("torch.nn.Conv1d").tensor("weight", 1, 1, k).build())
                    .child("sigmoid", TorchModules.of("torch.nn.Sigmoid").build())
                    .build()));
    return TorchModules.of(shipped.className())
        .child(
            "model", new ModuleTree(model.className(), model.attributes(), model.tensors(), layers))
        .build();
  }

  private Path written(boolean stateDictOnly) {
    Checkpoint shipped = CheckpointReader.read(SHIPPED, Limits.DEFAULTS);
    ModuleTree tree = stateDictOnly ? null : pickled(requireNonNull(shipped.modules()));
    Path file = folder.resolve(stateDictOnly ? "state-dict.safetensors" : "checkpoint.safetensors");
    CheckpointWriter.write(
        new Checkpoint(
            weights(shipped),
            tree,
            null,
            stateDictOnly ? Map.of() : shipped.names(),
            shipped.strides(),
            List.of(),
            320),
        file,
        StoragePrecision.KEEP);
    return file;
  }

  private Detector.Builder checkpointBuilder() {
    return Detector.builder().weights(written(false)).device("cpu").block(Eca.TYPE);
  }

  private Detector.Builder stateDictBuilder() throws IOException {
    Path config = Files.writeString(folder.resolve("eca.yaml"), yaml());
    return Detector.builder()
        .config(config.toString())
        .weights(written(true))
        .device("cpu")
        .block(Eca.TYPE);
  }

  private static List<Detection> detect(Detector.Builder builder, ExecutionMode mode)
      throws IOException {
    DetectOptions options = DetectOptions.DEFAULTS.withConfidenceThreshold(0.01);
    try (Detector detector = builder.execution(mode).options(options).build()) {
      List<Detection> actual = detector.detect(IMAGE).stream().toList();
      assertFalse(actual.isEmpty());
      return actual;
    }
  }

  @Test
  void checkpointsAndStateDictsDetectTheSame() throws IOException {
    List<Detection> compiled = detect(checkpointBuilder(), ExecutionMode.COMPILED);
    SameDetections.assertSame(compiled, detect(checkpointBuilder(), ExecutionMode.EAGER));
    // A state dict has no class names, so the label is the class id.
    List<Detection> unnamed =
        compiled.stream()
            .map(
                d ->
                    new Detection(
                        d.classId(),
                        String.valueOf(d.classId()),
                        d.confidence(),
                        d.box(),
                        d.mask()))
            .toList();
    SameDetections.assertSame(unnamed, detect(stateDictBuilder(), ExecutionMode.COMPILED));
    SameDetections.assertSame(unnamed, detect(stateDictBuilder(), ExecutionMode.EAGER));
  }

  private Model model() throws IOException {
    return ModelAssembly.assemble(
        CheckpointReader.read(written(false), Limits.DEFAULTS), null, REGISTRY, Limits.DEFAULTS);
  }

  private static HostTensor noise(int n, int h, int w) {
    Shape shape = Shape.of(n, 3, h, w);
    float[] pixels = new float[(int) shape.elements()];
    Random random = new Random(3);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return HostTensor.of(shape, pixels);
  }

  @Test
  void computesTheFormulaOfThePaper() throws IOException {
    Map<String, HostTensor> layers = new HashMap<>();
    HostTensor x = noise(2, 64, 96);
    LayerTrace.run(
        model(),
        "cpu",
        x.shape(),
        x.toFloats(),
        (name, shape, values) -> layers.put(name, HostTensor.of(shape, values)));
    Map<String, HostTensor> tensors =
        weights(CheckpointReader.read(SHIPPED, Limits.DEFAULTS)).tensors();
    KERNELS
        .keySet()
        .forEach(
            layer -> {
              HostTensor before = requireNonNull(layers.get("layer" + (layer - 1)));
              HostTensor after = requireNonNull(layers.get("layer" + layer));
              float[] kernel =
                  requireNonNull(tensors.get("model." + layer + ".conv.weight")).toFloats();
              float[] expected = attended(before, kernel);
              Tolerance.check("layer " + layer, expected, after.toFloats(), Tolerance.REFERENCE);
            });
  }

  /** Equations 2 and 7: y = x · σ(conv1d(mean(x))). */
  private static float[] attended(HostTensor map, float[] kernel) {
    int n = (int) map.shape().get(0);
    int channels = (int) map.shape().get(1);
    float[] values = map.toFloats();
    int positions = values.length / n / channels;
    double[] means = new double[n * channels];
    for (int i = 0; i < values.length; i++) {
      means[i / positions] += (double) values[i] / positions;
    }
    for (int i = 0; i < values.length; i++) {
      int plane = i / positions;
      double sum = 0;
      for (int j = 0; j < kernel.length; j++) {
        int c = plane % channels + j - kernel.length / 2;
        sum += c < 0 || c >= channels ? 0 : kernel[j] * means[plane - plane % channels + c];
      }
      values[i] /= (float) (1 + Math.exp(-sum));
    }
    return values;
  }

  @Test
  void summaryContainsTheBlock() throws IOException {
    Path config = Files.writeString(folder.resolve("eca.yaml"), yaml());
    ModelConfig modelConfig = ModelConfig.read(config, Limits.DEFAULTS);
    Summary summary = Summary.of(ModelAssembly.describe(modelConfig, REGISTRY), 640, 640);
    KERNELS.forEach(
        (layer, k) -> {
          LayerSummary row = summary.layers().get(layer);
          assertEquals("ECA", row.module());
          assertEquals((long) k, row.parameters());
        });
    assertEquals(List.of(8.0, 16.0, 32.0), summary.strides());
  }

  @Test
  void onnxExportMatchesEagerExecution() throws IOException {
    Path file = folder.resolve("eca.onnx");
    checkpointBuilder().exportOnnx(file);
    HostTensor x = noise(2, 96, 64);
    Map<String, HostTensor> eager = new HashMap<>();
    LayerTrace.run(
        model(),
        "cpu",
        x.shape(),
        x.toFloats(),
        (name, shape, values) -> eager.put(name, HostTensor.of(shape, values)));
    try (OnnxRun run = OnnxRun.of(Files.readAllBytes(file))) {
      HostTensor actual = requireNonNull(run.outputs(x).get("output0"));
      HostTensor expected = requireNonNull(eager.get("decoded"));
      assertEquals(expected.shape(), actual.shape());
      Tolerance.check("output0", expected.toFloats(), actual.toFloats(), Tolerance.REFERENCE);
    }
  }

  @Test
  void unregisteredBlockIsNamedInTheError() throws IOException {
    Detector.Builder pickled = Detector.builder().weights(written(false));
    String message = assertThrows(WeightsException.class, pickled::build).getMessage();
    assertTrue(
        message != null
            && message.contains("layer 18")
            && message.contains("models.attention.ECA")
            && message.contains("conv.weight")
            && message.contains("Register a BlockType named ECA"),
        message);
    Path config = Files.writeString(folder.resolve("eca.yaml"), yaml());
    Detector.Builder written = Detector.builder().config(config.toString()).weights(written(true));
    message = assertThrows(ModelConfigException.class, written::build).getMessage();
    assertTrue(
        message != null && message.contains("layer 18 (ECA): no block of this name"), message);
  }

  @Test
  void documentationShowsThisClass() throws IOException {
    String page = Files.readString(Path.of("docs/add-a-block.md"));
    String source = Files.readString(Path.of("src/test/java/example/Eca.java"));
    String shown = source.substring(source.indexOf("/**"));
    assertTrue(page.contains("```java\n" + shown + "```"), "docs/add-a-block.md is stale");
    assertTrue(yaml().contains("- [-1, 1, ECA, []]"), yaml());
    assertTrue(page.contains("- [-1, 1, ECA, []]"));
  }
}
