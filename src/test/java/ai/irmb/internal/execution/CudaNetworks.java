package ai.irmb.internal.execution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.ops.torchscript.CompiledNetwork;
import ai.irmb.internal.ops.torchscript.FilteredOutputs;
import ai.irmb.internal.ops.torchscript.HeadCandidates;
import ai.irmb.internal.ops.torchscript.ImageTensor;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.Npz;
import ai.irmb.testing.OwnThread;
import ai.irmb.testing.Shared;
import ai.irmb.testing.TestDevice;
import ai.irmb.testing.Tolerance;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every network of the reference as the program that CUDA gets, on a device: its outputs on the
 * reference's input and on others, and the candidates that it selects.
 *
 * <p>The reference's networks have random weights, which amplify rounding: in half precision a
 * single output may be far off. There, the root mean square counts; it is 1.4 for unrelated values.
 * Trained networks are within a strict tolerance.
 */
@ExtendWith(OwnThread.class)
abstract class CudaNetworks {
  /** Random networks that only their own input does not excite to chaos. */
  private static final Set<String> CHAOTIC = Set.of("yolov5n_C2f_iRMB", "yolov5n_iRMB-seg");

  /** Images, height and width of further inputs, made of the reference's input. */
  private static final int[][] SIZES = {{1, 64, 128}, {3, 64, 64}};

  /** As {@code NetworkReferenceTest} has it for the same networks. */
  private static final double AMPLIFIED = 1e-3;

  private static final double OBJECTNESS = 0.3;

  private static final double LOGIT = Math.log(OBJECTNESS / (1 - OBJECTNESS));

  /** The threshold is rounded to the type of the network. */
  private static final double ROUNDING = 1e-2;

  /** Compares an output with the expected one. */
  private interface Comparison {
    void check(String name, float[] expected, float[] actual);
  }

  private final TestDevice device;

  CudaNetworks(TestDevice device) {
    this.device = device;
  }

  @TestFactory
  Stream<DynamicTest> networksMatchYolov5InSinglePrecision() {
    return networks(
        folder ->
            entry -> {
              boolean checkpoint = entry.has("file");
              double own = checkpoint ? AMPLIFIED : Tolerance.REFERENCE;
              int[][] sizes = checkpoint || CHAOTIC.contains(name(entry)) ? new int[0][] : SIZES;
              check(folder, entry, DType.F32, within(device.tolerance(own)), sizes);
            });
  }

  @TestFactory
  Stream<DynamicTest> networksMatchYolov5InHalfPrecision() {
    return networks(
        folder -> entry -> check(folder, entry, DType.F16, withinRms(0.4), new int[0][]));
  }

  @TestFactory
  Stream<DynamicTest> networksMatchYolov5InBfloat16() {
    return networks(
        folder -> entry -> check(folder, entry, DType.BF16, withinRms(0.9), new int[0][]));
  }

  @TestFactory
  Stream<DynamicTest> trainedNetworksMatchEagerExecution() {
    return Stream.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck", "yolov5n-coco")
        .filter(name -> Shared.isThere() || name.startsWith("bccd"))
        .flatMap(
            name ->
                Map.of(DType.F32, 1e-4, DType.F16, 1e-2, DType.BF16, 1e-1).entrySet().stream()
                    .map(
                        entry ->
                            DynamicTest.dynamicTest(
                                name + " " + entry.getKey(),
                                () -> checkTrained(name, entry.getKey(), entry.getValue()))));
  }

  private void checkTrained(String name, DType type, double tolerance) throws IOException {
    Path weights =
        name.startsWith("bccd")
            ? Path.of("models", name + ".pt")
            : Shared.path("data/checkpoints/" + name + ".pt");
    Model model = model(weights, null);
    RgbImage image = RgbImage.read(Path.of("models", "sample", "blood-cells.jpg"));
    try (CompiledNetwork network = CompiledExecution.open(model, device.cudaProgram(type))) {
      for (int[] size : new int[][] {{1, 96, 160}, {2, 128, 64}}) {
        compareWithEager(
            model,
            network,
            crop(image, size[0], size[1], size[2]),
            within(device.tolerance(tolerance)));
      }
    }
  }

  /** {@return crops of an image, each from further right} */
  private static HostTensor crop(RgbImage image, int count, int height, int width) {
    float[] values = new float[count * 3 * height * width];
    for (int i = 0; i < values.length; i++) {
      int n = i / (3 * height * width);
      int rgb = image.rgb(i % width + 64 * n, i / width % height);
      values[i] = (rgb >> (16 - 8 * (i / (width * height) % 3)) & 0xFF) / 255f;
    }
    return HostTensor.of(Shape.of(count, 3, height, width), values);
  }

  private static Comparison within(double tolerance) {
    return (name, expected, actual) -> Tolerance.check(name, expected, actual, tolerance);
  }

  private static Comparison withinRms(double tolerance) {
    return (name, expected, actual) -> Tolerance.checkRms(name, expected, actual, tolerance);
  }

  /** Checks one network of an index. */
  private interface NetworkCheck {
    void run(JsonObject entry) throws IOException;
  }

  private static Stream<DynamicTest> networks(Function<Path, NetworkCheck> check) {
    return Stream.of("models", "variants", "checkpoints")
        .filter(name -> name.equals("models") || Shared.isThere())
        .filter(name -> Files.isDirectory(Shared.reference(name)))
        .flatMap(
            name -> {
              Path folder = Shared.reference(name);
              return entries(folder, name.equals("checkpoints") ? "files" : "networks")
                  .map(
                      entry ->
                          DynamicTest.dynamicTest(
                              name(entry), () -> check.apply(folder).run(entry)));
            });
  }

  /** {@return the networks of a folder; of several files with the same network the first} */
  private static Stream<JsonObject> entries(Path folder, String key) {
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    Set<String> oracles = new HashSet<>();
    return StreamSupport.stream(index.getAsJsonArray(key).spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(entry -> !entry.has("expect") || entry.get("expect").getAsString().equals("load"))
        .filter(entry -> !entry.has("if_unsupported"))
        .filter(entry -> !entry.has("oracle") || oracles.add(entry.get("oracle").getAsString()));
  }

  private static String name(JsonObject entry) {
    return entry.get("name").getAsString();
  }

  private void check(
      Path folder, JsonObject entry, DType type, Comparison comparison, int[][] sizes)
      throws IOException {
    boolean checkpoint = entry.has("file");
    Path file = folder.resolve(checkpoint ? entry.get("file").getAsString() : name(entry) + ".pt");
    ModelConfig config =
        entry.has("yaml")
            ? ModelConfig.read(folder.resolve(entry.get("yaml").getAsString()), Limits.DEFAULTS)
            : null;
    Model model = model(file, config);
    Map<String, Npz.Array> oracle =
        Npz.read(
            folder.resolve(checkpoint ? entry.get("oracle").getAsString() : name(entry) + ".npz"));
    Npz.Array x = requireNonNull(oracle.get("x"));
    try (CompiledNetwork network = CompiledExecution.open(model, device.cudaProgram(type))) {
      Map<String, float[]> expected = new TreeMap<>();
      oracle.forEach((name, array) -> expected.put(name, array.data()));
      Shape shape = Shape.of(Arrays.stream(x.shape()).asLongStream().toArray());
      compare(model, network, HostTensor.of(shape, x.data()), expected, comparison);
      for (int[] size : sizes) {
        HostTensor input = tiled(x, size[0], size[1], size[2]);
        compareWithEager(model, network, input, within(device.tolerance(AMPLIFIED)));
      }
    }
  }

  private static Model model(Path file, @Nullable ModelConfig config) {
    return ModelAssembly.assemble(
        CheckpointReader.read(file, Limits.DEFAULTS),
        config,
        BlockRegistry.standard(),
        Limits.DEFAULTS);
  }

  private static void compareWithEager(
      Model model, CompiledNetwork network, HostTensor input, Comparison comparison) {
    Map<String, float[]> eager = new TreeMap<>();
    LayerTrace.run(
        model,
        "cpu",
        input.shape(),
        input.toFloats(),
        (name, s, values) -> eager.put(name, values));
    compare(model, network, input, eager, comparison);
  }

  /** Compares all outputs, then the candidates with a naive choice from the outputs. */
  private static void compare(
      Model model,
      CompiledNetwork network,
      HostTensor input,
      Map<String, float[]> expected,
      Comparison comparison) {
    ImageTensor images = ImageTensor.planar(input);
    FilteredOutputs selected = network.filteredOutputs(images, OBJECTNESS);
    assumeFalse(
        !selected.isFinite() && PyTorchEngine.get().describe().startsWith("PyTorch 2.3"),
        "PyTorch 2.3 sums in half precision on a CPU, and the program noticed that it overflows");
    List<HostTensor> outputs = network.outputs(images);
    Map<String, float[]> raw = new LinkedHashMap<>();
    LayerTrace.visitHeads(model, outputs, (name, shape, values) -> raw.put(name, values));
    raw.forEach(
        (name, values) ->
            comparison.check(
                name + " " + input.shape(), requireNonNull(expected.get(name), name), values));
    for (int i = 0; i < model.strides().size(); i++) {
      compare(model, outputs.get(i), selected.heads().get(i));
    }
    for (int i = model.strides().size(); i < outputs.size(); i++) {
      Tolerance.check(
          "proto",
          outputs.get(i).toFloats(),
          selected.maps().get(i - model.strides().size()).toFloats(),
          1e-6);
    }
  }

  private static void compare(Model model, HostTensor level, HeadCandidates selected) {
    int anchors = model.network().head().layout().anchors();
    int values = model.network().head().layout().valuesPerAnchor();
    int probabilities = model.network().head().layout().probabilitiesPerAnchor();
    int images = (int) level.shape().get(0);
    int cells = (int) (level.shape().get(2) * level.shape().get(3));
    float[] all = level.toFloats();
    int row = 0;
    for (int a = 0; a < anchors; a++) {
      for (int n = 0; n < images; n++) {
        for (int cell = 0; cell < cells; cell++) {
          int start = ((n * anchors + a) * values) * cells + cell;
          double objectness = all[start + 4 * cells];
          long index = ((long) a * images + n) * cells + cell;
          if (row == selected.indices().length || selected.indices()[row] != index) {
            assertFalse(objectness > LOGIT + ROUNDING, () -> "lost: " + objectness);
            continue;
          }
          assertTrue(objectness > LOGIT - ROUNDING, () -> "not above: " + objectness);
          for (int k = 0; k < values; k++) {
            double value = all[start + k * cells];
            assertEquals(
                k < probabilities ? sigmoid(value) : value,
                selected.values()[row * values + k],
                1e-5);
          }
          row++;
        }
      }
    }
    assertEquals(row, selected.indices().length);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** {@return images of another size that repeat the given ones, each moved a little} */
  private static HostTensor tiled(Npz.Array x, int count, int height, int width) {
    int[] s = x.shape();
    float[] values = new float[count * 3 * height * width];
    for (int i = 0; i < values.length; i++) {
      int column = (i % width + 5 * (i / (3 * height * width))) % s[3];
      int row = i / width % height % s[2];
      int plane = i / (width * height) % (3 * s[0]);
      values[i] = x.data()[(plane * s[2] + row) * s[3] + column];
    }
    return HostTensor.of(Shape.of(count, 3, height, width), values);
  }
}
