package ai.irmb.internal.network;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.checkpoint.CheckpointWriter;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OnnxRun;
import ai.irmb.testing.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped network without a third of the channels of some layers; its YAML still has them. The
 * result must be that of the full network with zeros in these channels.
 */
@Tag("engine")
class PrunedNetworkTest {
  @TempDir private Path folder = Path.of("");

  private final Random random = new Random(9);
  private final Map<String, HostTensor> zeroed = new LinkedHashMap<>();
  private final Map<String, HostTensor> pruned = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private Checkpoint shipped =
      CheckpointReader.read(Path.of("models/bccd-yolov5n_iRMB.pt"), Limits.DEFAULTS);

  @BeforeEach
  void prune() {
    zeroed.putAll(shipped.weights().tensors());
    pruned.putAll(shipped.weights().tensors());
    prune("model.0", "model.1");
    prune("model.1", "model.2.cv1", "model.2.cv2");
    shipped.weights().tensors().keySet().stream()
        .filter(key -> key.matches(".*\\.m\\.\\d+\\.cv1\\.conv\\.weight"))
        .map(key -> key.replace(".cv1.conv.weight", ""))
        .forEach(bottleneck -> prune(bottleneck + ".cv1", bottleneck + ".cv2"));
    assertTrue(shapes.size() > 50, "nothing was pruned");
  }

  /** Removes a third of the channels between a Conv and the modules that read it. */
  private void prune(String writer, String... readers) {
    int channels = (int) tensor(writer + ".conv.weight").shape().get(0);
    int[] kept = IntStream.range(0, channels).filter(i -> random.nextInt(3) > 0).toArray();
    for (String norm : List.of("weight", "bias", "running_mean", "running_var")) {
      slice(writer + ".bn." + norm, 0, kept);
    }
    slice(writer + ".conv.weight", 0, kept);
    for (String reader : readers) {
      slice(reader + ".conv.weight", 1, kept);
    }
    for (String norm : List.of("weight", "bias")) {
      float[] values = requireNonNull(zeroed.get(writer + ".bn." + norm)).toFloats();
      float[] zeros = new float[channels];
      Arrays.stream(kept).forEach(i -> zeros[i] = values[i]);
      zeroed.put(writer + ".bn." + norm, HostTensor.of(Shape.of(channels), zeros));
    }
  }

  private HostTensor tensor(String key) {
    return requireNonNull(pruned.get(key), key);
  }

  private void slice(String key, int axis, int[] kept) {
    HostTensor full = tensor(key);
    long[] sizes = full.shape().toArray();
    int from = (int) sizes[axis];
    sizes[axis] = kept.length;
    Shape shape = Shape.of(sizes);
    int inner = (int) Arrays.stream(sizes).skip(axis + 1L).reduce(1, (a, b) -> a * b);
    float[] in = full.toFloats();
    float[] out = new float[(int) shape.elements()];
    for (int i = 0; i < out.length; i++) {
      int outer = i / inner / kept.length;
      out[i] = in[(outer * from + kept[i / inner % kept.length]) * inner + i % inner];
    }
    pruned.put(key, HostTensor.of(shape, out));
    shapes.put(key, shape);
  }

  private ModuleTree prunedTree(ModuleTree tree, String path) {
    Map<String, Shape> tensors = new LinkedHashMap<>(tree.tensors());
    tensors.replaceAll((name, shape) -> shapes.getOrDefault(path + name, shape));
    Map<String, ModuleTree> children = new LinkedHashMap<>(tree.children());
    children.replaceAll((name, child) -> prunedTree(child, path + name + "."));
    return new ModuleTree(tree.className(), tree.attributes(), tensors, children);
  }

  private Checkpoint checkpoint(Map<String, HostTensor> weights, @Nullable ModuleTree tree) {
    return new Checkpoint(
        new StateDict("pruned.pt", weights),
        tree,
        shipped.yaml(),
        shipped.names(),
        shipped.strides(),
        shipped.anchors(),
        shipped.imageSize());
  }

  private static Model model(Checkpoint checkpoint, @Nullable ModelConfig config) {
    return ModelAssembly.assemble(checkpoint, config, BlockRegistry.standard(), Limits.DEFAULTS);
  }

  @Test
  void channelsComeFromTheShapesOfTheWeights() throws IOException {
    ModuleTree tree = requireNonNull(shipped.modules());
    Shape shape = Shape.of(1, 3, 96, 64);
    float[] pixels = new float[(int) shape.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 255f;
    }
    Map<String, float[]> expected = new HashMap<>();
    Model full = model(checkpoint(zeroed, tree), null);
    LayerTrace.run(full, "cpu", shape, pixels, (name, sizes, values) -> expected.put(name, values));
    float[] decoded = requireNonNull(expected.get("decoded"));

    Path file = folder.resolve("pruned.safetensors");
    CheckpointWriter.write(checkpoint(pruned, prunedTree(tree, "")), file, StoragePrecision.KEEP);
    Checkpoint read = CheckpointReader.read(file, Limits.DEFAULTS);
    ModelConfig config = ModelConfig.of("own.yaml", requireNonNull(read.yaml()), Limits.DEFAULTS);
    Model model = model(read, config);
    LayerTrace.Visitor check =
        (name, sizes, values) -> {
          if (name.equals("decoded")) {
            Tolerance.check(name, decoded, values, Tolerance.REFERENCE);
          }
        };
    LayerTrace.run(model, "cpu", shape, pixels, check);
    LayerTrace.runCompiled(model, "cpu", shape, pixels, check);
    LayerTrace.runCompiled(
        model(ModelAssembly.fold(read, BlockRegistry.standard(), Limits.DEFAULTS), null),
        "cpu",
        shape,
        pixels,
        check);
    Path onnx = folder.resolve("pruned.onnx");
    OnnxExport.write(model, OnnxExport.DEFAULT_OPSET, false, onnx);
    try (OnnxRun run = OnnxRun.of(Files.readAllBytes(onnx))) {
      HostTensor actual = requireNonNull(run.outputs(HostTensor.of(shape, pixels)).get("output0"));
      Tolerance.check("output0", decoded, actual.toFloats(), Tolerance.REFERENCE);
    }
    assertTrue(Summary.of(model, 96, 64).parameters() < Summary.of(full, 96, 64).parameters());
  }

  @Test
  void withoutModulesTheShapesMustMatchTheYaml() {
    WeightsException e =
        assertThrows(WeightsException.class, () -> model(checkpoint(pruned, null), null));
    String message = String.valueOf(e.getMessage());
    Shape has = tensor("model.0.conv.weight").shape();
    assertTrue(message.startsWith("pruned.pt: model.0.conv.weight has shape " + has), message);
    assertTrue(message.contains("layer 0 (Conv)"), message);
    assertEquals(shapes.size(), e.problems().size());
  }
}
