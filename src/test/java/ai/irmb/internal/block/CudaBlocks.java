package ai.irmb.internal.block;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.block.Block;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.ops.torchscript.CompiledNetwork;
import ai.irmb.internal.ops.torchscript.ImageTensor;
import ai.irmb.internal.ops.torchscript.ScriptOps;
import ai.irmb.internal.ops.torchscript.Symbol;
import ai.irmb.internal.weights.StateDict;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every block of the reference as the program that CUDA gets, on a device. */
@ExtendWith(OwnThread.class)
abstract class CudaBlocks {
  private final TestDevice device;

  CudaBlocks(TestDevice device) {
    this.device = device;
  }

  @TestFactory
  Stream<DynamicTest> blocksMatchYolov5InSinglePrecision() {
    return blocks(DType.F32, device.tolerance(Tolerance.REFERENCE));
  }

  @TestFactory
  Stream<DynamicTest> blocksMatchYolov5InHalfPrecision() {
    return blocks(DType.F16, 1e-2);
  }

  @TestFactory
  Stream<DynamicTest> blocksMatchYolov5InBfloat16() {
    return blocks(DType.BF16, 1e-1);
  }

  private Stream<DynamicTest> blocks(DType type, double tolerance) {
    Path folder = Shared.reference("blocks");
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray("blocks").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(BlockCase::new)
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(folder, c, type, tolerance)));
  }

  private void check(Path folder, BlockCase c, DType type, double tolerance) throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(folder.resolve(c.name() + ".npz"));
    List<Npz.Array> inputs =
        arrays.entrySet().stream()
            .filter(entry -> entry.getKey().matches("x[0-9]*"))
            .map(Map.Entry::getValue)
            .toList();
    List<Shape> shapes = inputs.stream().map(CudaBlocks::shape).toList();
    Function<ScriptOps, Function<List<Symbol>, List<Symbol>>> block = block(c, arrays, shapes);
    try (CompiledNetwork network =
        new CompiledNetwork(
            (ops, image) -> block.apply(ops).apply(split(ops, image, shapes)),
            List.of(),
            device.cudaProgram(type),
            PyTorchEngine.get().newManager(device.name()),
            PyTorchEngine.get().programLoader())) {
      List<HostTensor> outputs = network.outputs(ImageTensor.planar(join(inputs)));
      for (int i = 0; i < outputs.size(); i++) {
        String name = Head.isHead(c.module()) ? "raw" + i : "y";
        name = arrays.containsKey(name) ? name : "proto";
        Npz.Array expected = requireNonNull(arrays.get(name), name);
        float[] values = expected.data();
        if (name.startsWith("raw")) {
          values = valuesBeforePositions(expected);
        } else {
          assertEquals(shape(expected), outputs.get(i).shape());
        }
        Tolerance.check(name, values, outputs.get(i).toFloats(), tolerance);
      }
    }
  }

  private static Function<ScriptOps, Function<List<Symbol>, List<Symbol>>> block(
      BlockCase c, Map<String, Npz.Array> arrays, List<Shape> inputs) {
    StateDict weights = BlockCase.weights(arrays);
    Set<String> keys = new HashSet<>();
    weights.tensors().keySet().forEach(key -> keys.add(key.substring("model.0.".length())));
    LayerDeclaration declared =
        c.declare(keys, inputs.stream().map(shape -> (int) shape.get(1)).toList());
    ModuleTree tree =
        c.eps() > 0 ? BlockCase.withEps(declared.module(), c.eps()) : declared.module();
    CheckedModuleScope scope =
        new CheckedModuleScope(BlockRegistry.standard(), weights, tree, "model.0", "layer 0");
    if (!Head.isHead(c.module())) {
      Block block = BlockRegistry.standard().read(scope);
      return ops -> xs -> List.of(block.forward(ops, xs));
    }
    Head head = Head.read(scope);
    return ops ->
        xs -> {
          Head.Outputs<Symbol> outputs = head.forward(ops, xs);
          List<Symbol> all = new ArrayList<>(outputs.levels());
          if (outputs.proto() != null) {
            all.add(outputs.proto());
          }
          return all;
        };
  }

  /**
   * {@return the inputs as one, since a program has one input: a group of channels each, in the
   * upper left corner}
   */
  private static HostTensor join(List<Npz.Array> inputs) {
    int n = inputs.get(0).shape()[0];
    int c = inputs.stream().mapToInt(x -> x.shape()[1]).sum();
    int h = inputs.stream().mapToInt(x -> x.shape()[2]).max().orElseThrow();
    int w = inputs.stream().mapToInt(x -> x.shape()[3]).max().orElseThrow();
    float[] joined = new float[n * c * h * w];
    int channel = 0;
    for (Npz.Array x : inputs) {
      int[] s = x.shape();
      for (int row = 0; row < s[0] * s[1] * s[2]; row++) {
        int image = row / (s[1] * s[2]);
        int plane = image * c + channel + row / s[2] % s[1];
        System.arraycopy(x.data(), row * s[3], joined, (plane * h + row % s[2]) * w, s[3]);
      }
      channel += s[1];
    }
    return HostTensor.of(Shape.of(n, c, h, w), joined);
  }

  private static List<Symbol> split(ScriptOps ops, Symbol joined, List<Shape> inputs) {
    List<Symbol> parts = new ArrayList<>();
    int channel = 0;
    for (Shape shape : inputs) {
      int end = channel + (int) shape.get(1);
      parts.add(ops.cropLike(ops.channels(joined, channel, end), ops.image(shape)));
      channel = end;
    }
    return parts;
  }

  /** {@return (N, anchors, H, W, values) as (N, anchors, values, H, W)} */
  private static float[] valuesBeforePositions(Npz.Array raw) {
    int cells = raw.shape()[2] * raw.shape()[3];
    int values = raw.shape()[4];
    float[] moved = new float[raw.data().length];
    for (int i = 0; i < moved.length; i++) {
      int plane = i / (cells * values);
      int cell = i / values % cells;
      moved[(plane * values + i % values) * cells + cell] = raw.data()[i];
    }
    return moved;
  }

  private static Shape shape(Npz.Array array) {
    return Shape.of(Arrays.stream(array.shape()).asLongStream().toArray());
  }
}
