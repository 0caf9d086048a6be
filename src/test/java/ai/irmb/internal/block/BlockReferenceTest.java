package ai.irmb.internal.block;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.irmb.block.Block;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.IrmbException;
import ai.irmb.internal.ops.eager.EagerOps;
import ai.irmb.internal.ops.eager.EagerWeights;
import ai.irmb.internal.ops.shape.ShapeOps;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.Npz;
import ai.irmb.testing.OwnThread;
import ai.irmb.testing.Shared;
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
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every block of the reference, declared from a YAML layer and run eagerly. */
@ExtendWith(OwnThread.class)
@Tag("reference")
class BlockReferenceTest {
  @TestFactory
  Stream<DynamicTest> blocksMatchYolov5() {
    Path folder = Shared.reference("blocks");
    return entries(folder, "blocks")
        .map(entry -> new BlockCase(entry))
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> checkBlock(folder, c)));
  }

  @TestFactory
  Stream<DynamicTest> rejectsBlocksThatYolov5CannotRun() {
    Path folder = Shared.reference("blocks");
    return entries(folder, "raises")
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.get("name").getAsString(), () -> checkRejection(entry)));
  }

  private static Stream<JsonObject> entries(Path folder, String key) {
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray(key).spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }

  private static void checkBlock(Path folder, BlockCase c) throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(folder.resolve(c.name() + ".npz"));
    StateDict weights = BlockCase.weights(arrays);
    List<Npz.Array> inputs = new ArrayList<>();
    arrays.forEach(
        (name, array) -> {
          if (name.matches("x[0-9]*")) {
            inputs.add(array);
          }
        });
    Set<String> keys = new HashSet<>();
    weights.tensors().keySet().forEach(key -> keys.add(key.substring("model.0.".length())));
    LayerDeclaration declared =
        c.declare(keys, inputs.stream().map(array -> array.shape()[1]).toList());
    double eps = c.eps();
    ModuleTree tree = eps > 0 ? BlockCase.withEps(declared.module(), eps) : declared.module();
    assertEquals(shapes(weights), shapes(tree, "model.0", new TreeSet<>()));
    CheckedModuleScope scope =
        new CheckedModuleScope(BlockRegistry.standard(), weights, tree, "model.0", "layer 0");
    try (NDManager manager = NDManager.newBaseManager();
        EagerWeights bound = new EagerWeights(manager, DataType.FLOAT32);
        NDManager call = manager.newSubManager()) {
      EagerOps ops = new EagerOps(call, bound);
      List<NDArray> xs = new ArrayList<>();
      for (Npz.Array x : inputs) {
        xs.add(call.create(x.data(), new ai.djl.ndarray.types.Shape(toLongs(x.shape()))));
      }
      if (Head.isHead(c.module())) {
        Head.Outputs<NDArray> outputs = Head.read(scope).forward(ops, xs);
        for (int i = 0; i < outputs.levels().size(); i++) {
          Npz.Array raw = requireNonNull(arrays.get("raw" + i));
          int[] s = raw.shape();
          NDArray level =
              outputs
                  .levels()
                  .get(i)
                  .reshape(s[0], s[1], s[4], s[2], s[3])
                  .transpose(0, 1, 3, 4, 2);
          Tolerance.check(
              "raw" + i,
              raw,
              level.getShape().getShape(),
              level.toFloatArray(),
              Tolerance.REFERENCE);
        }
        if (outputs.proto() != null) {
          check("proto", requireNonNull(arrays.get("proto")), outputs.proto());
        }
        return;
      }
      Block block = BlockRegistry.standard().read(scope);
      NDArray y = block.forward(ops, xs);
      check("y", requireNonNull(arrays.get("y")), y);
      assertEquals(declared.outChannels(), y.getShape().get(1));
      List<Shape> shapes = xs.stream().map(x -> Shape.of(x.getShape().getShape())).toList();
      assertEquals(
          Shape.of(y.getShape().getShape()), block.forward(new ShapeOps(), shapes), "shape");
    }
  }

  private static void check(String what, Npz.Array expected, NDArray actual) {
    Tolerance.check(
        what, expected, actual.getShape().getShape(), actual.toFloatArray(), Tolerance.REFERENCE);
  }

  private static long[] toLongs(int[] ints) {
    return Arrays.stream(ints).asLongStream().toArray();
  }

  private static Set<String> shapes(StateDict weights) {
    Set<String> set = new TreeSet<>();
    weights.tensors().forEach((key, tensor) -> set.add(key + tensor.shape()));
    return set;
  }

  private static Set<String> shapes(ModuleTree tree, String path, Set<String> into) {
    tree.tensors().forEach((name, shape) -> into.add(path + "." + name + shape));
    tree.children().forEach((name, child) -> shapes(child, path + "." + name, into));
    return into;
  }

  private static void checkRejection(JsonObject entry) {
    List<Shape> inputs = new ArrayList<>();
    for (JsonElement input : entry.getAsJsonArray("inputs")) {
      long[] sizes = new long[4];
      for (int i = 0; i < 4; i++) {
        sizes[i] = input.getAsJsonArray().get(i).getAsLong();
      }
      inputs.add(Shape.of(sizes));
    }
    RuntimeException rejection =
        assertThrows(
            RuntimeException.class,
            () -> {
              BlockCase c = new BlockCase(entry);
              LayerDeclaration declared = c.declare(Set.of(), c.channels(inputs));
              CheckedModuleScope scope =
                  new CheckedModuleScope(
                      BlockRegistry.standard(),
                      new StateDict("reference", Map.of()),
                      declared.module(),
                      "model.0",
                      "layer 0");
              if (Head.isHead(c.module())) {
                Head.read(scope).forward(new ShapeOps(), inputs);
              } else {
                BlockRegistry.standard().read(scope).forward(new ShapeOps(), inputs);
              }
            });
    // The forward pass of a network wraps the second type in an IrmbException with the layer.
    assertTrue(
        rejection instanceof IrmbException || rejection instanceof IllegalArgumentException,
        rejection.toString());
  }
}
