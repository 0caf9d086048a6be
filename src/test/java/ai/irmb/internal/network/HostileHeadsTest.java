package ai.irmb.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.Attribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.checkpoint.Fixtures;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checkpoints whose strides, anchors or head are impossible: one typed error that names the file.
 */
@Tag("fast")
class HostileHeadsTest {
  private static final Checkpoint GOOD =
      CheckpointReader.read(Fixtures.path("good.pt"), Limits.DEFAULTS);
  private static final String ANCHORS = "model.14.anchors";

  private static Model assemble(Checkpoint checkpoint) {
    return ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
  }

  private static Checkpoint checkpoint(
      StateDict weights, @Nullable ModuleTree modules, List<Double> strides) {
    return new Checkpoint(
        weights, modules, GOOD.yaml(), GOOD.names(), strides, List.of(), GOOD.imageSize());
  }

  private static void assertRefused(String words, UnaryOperator<Checkpoint> change) {
    WeightsException e = assertThrows(WeightsException.class, () -> assemble(change.apply(GOOD)));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("good.pt: "), message);
    assertTrue(message.contains(words), message);
  }

  private static StateDict withAnchor(float value) {
    HostTensor anchors = Objects.requireNonNull(GOOD.weights().tensors().get(ANCHORS));
    float[] values = anchors.toFloats();
    values[3] = value;
    Map<String, HostTensor> tensors = new LinkedHashMap<>(GOOD.weights().tensors());
    tensors.put(ANCHORS, HostTensor.of(anchors.shape(), values));
    return new StateDict("good.pt", tensors);
  }

  private static ModuleTree withHead(UnaryOperator<ModuleTree> change) {
    ModuleTree root = Objects.requireNonNull(GOOD.modules());
    ModuleTree model = Objects.requireNonNull(root.children().get("model"));
    Map<String, ModuleTree> layers = new LinkedHashMap<>(model.children());
    layers.computeIfPresent("14", (name, head) -> change.apply(head));
    Map<String, ModuleTree> children = new LinkedHashMap<>(root.children());
    children.put("model", model.withChildren(layers));
    return root.withChildren(children);
  }

  private static ModuleTree with(ModuleTree head, String attribute, long value) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(head.attributes());
    attributes.put(attribute, Attribute.of(value));
    return head.withAttributes(attributes);
  }

  @Test
  void theUnchangedCheckpointIsAssembled() {
    assertNotNull(assemble(GOOD));
    assertEquals(
        assemble(GOOD).anchors(), assemble(checkpoint(GOOD.weights(), null, List.of())).anchors());
  }

  @ParameterizedTest
  @ValueSource(
      floats = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0,
        -0.0f,
        -1,
        1e5f,
        Float.MAX_VALUE
      })
  void refusesAnchorsThatAreNoPixels(float value) {
    StateDict weights = withAnchor(value);
    assertRefused("the anchor ", good -> checkpoint(weights, good.modules(), good.strides()));
    assertRefused("the anchor ", good -> checkpoint(weights, null, List.of()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0, -8, 1, 64, 65_536, 1e300})
  void refusesStridesThatTheNetworkDoesNotHave(double stride) {
    assertEquals(List.of(4.0, 8.0), GOOD.strides());
    assertRefused(
        "the stride ", good -> checkpoint(good.weights(), good.modules(), List.of(stride, 8.0)));
    assertRefused("the stride ", good -> checkpoint(good.weights(), null, List.of(4.0, stride)));
  }

  @Test
  void refusesAnotherNumberOfStrides() {
    assertRefused(
        "3 strides for 2 levels",
        good -> checkpoint(good.weights(), good.modules(), List.of(4.0, 8.0, 16.0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "2 3",
        "2 3 3",
        "2 3 2 1",
        "0 3 2",
        "3 3 2",
        "2 0 2",
        "2 65 2",
        "2 65537 2"
      })
  void refusesAnchorsOfAnotherShape(String sizes) {
    Shape shape =
        sizes.isEmpty()
            ? Shape.of()
            : Shape.of(Arrays.stream(sizes.split(" ", -1)).mapToLong(Long::parseLong).toArray());
    ModuleTree tree =
        withHead(
            head -> {
              Map<String, Shape> tensors = new LinkedHashMap<>(head.tensors());
              tensors.put("anchors", shape);
              return new ModuleTree(head.className(), head.attributes(), tensors, head.children());
            });
    assertRefused("anchors: expected", good -> checkpoint(good.weights(), tree, good.strides()));
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "65537", "2147483647", "-2147483648", "9223372036854775807"})
  void refusesAnImpossibleNumberOfClasses(long classes) {
    ModuleTree tree = withHead(head -> with(head, "nc", classes));
    assertRefused("nc", good -> checkpoint(good.weights(), tree, good.strides()));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -5, -2_147_483_648L})
  void refusesANegativeNumberOfMasks(long masks) {
    ModuleTree tree =
        withHead(
            head ->
                with(
                    new ModuleTree(
                        "models.yolo.Segment", head.attributes(), head.tensors(), head.children()),
                    "nm",
                    masks));
    assertRefused("nm", good -> checkpoint(good.weights(), tree, good.strides()));
  }

  @Test
  void refusesAHeadWithoutLevels() {
    ModuleTree tree =
        withHead(
            head -> {
              Map<String, ModuleTree> children = new LinkedHashMap<>(head.children());
              children.computeIfPresent("m", (name, list) -> list.withChildren(Map.of()));
              return head.withChildren(children);
            });
    assertRefused("0 levels", good -> checkpoint(good.weights(), tree, good.strides()));
  }

  @Test
  void holdsTheClassesOfACheckpointToTheLimit() {
    Limits limits = Limits.DEFAULTS.with(Limit.CLASSES, 1);
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> ModelAssembly.assemble(GOOD, null, BlockRegistry.standard(), limits));
    assertTrue(String.valueOf(e.getMessage()).contains("--limit classes"), e.getMessage());
  }
}
