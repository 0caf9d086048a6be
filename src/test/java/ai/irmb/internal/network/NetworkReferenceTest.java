package ai.irmb.internal.network;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.IrmbException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.Npz;
import ai.irmb.testing.OwnThread;
import ai.irmb.testing.Shared;
import ai.irmb.testing.Tolerance;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every network, variant and checkpoint of the reference, layer by layer, in eager execution. */
@ExtendWith(OwnThread.class)
@Tag("reference")
class NetworkReferenceTest {
  @TestFactory
  Stream<DynamicTest> networksMatchYolov5() {
    Path folder = Shared.reference("models");
    return entries(folder, "networks")
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    name(entry),
                    () -> {
                      Model model = load(folder.resolve(name(entry) + ".pt"), null);
                      compare(model, folder.resolve(name(entry) + ".npz"));
                      assertEquals(
                          entry.get("params").getAsLong(),
                          Summary.of(model, 640, 640).parameters());
                      assertEquals(
                          entry.get("flops_640").getAsLong(), Summary.of(model, 640, 640).flops());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> yamlsDescribeTheSameNetworksAsCheckpoints() {
    Path folder = Shared.reference("models");
    return entries(folder, "networks")
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    name(entry),
                    () -> {
                      ModelConfig config =
                          ModelConfig.read(folder.resolve(name(entry) + ".yaml"), Limits.DEFAULTS);
                      Summary summary =
                          Summary.of(
                              ModelAssembly.describe(config, BlockRegistry.standard()), 640, 640);
                      assertEquals(entry.get("params").getAsLong(), summary.parameters());
                      assertEquals(entry.get("flops_640").getAsLong(), summary.flops());
                      Model model = load(folder.resolve(name(entry) + ".pt"), config);
                      assertEquals(summary.layers(), model.layers());
                      checkStateDictWithYaml(folder, entry);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> variantsMatchTheirOriginals() {
    Path folder = Shared.path("reference/variants");
    return entries(folder, "networks")
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    name(entry),
                    () -> {
                      Path file = folder.resolve(name(entry) + ".pt");
                      if (entry.get("expect").getAsString().equals("error")) {
                        assertRejected(entry, file, null);
                      } else {
                        compare(load(file, null), folder.resolve(name(entry) + ".npz"));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> variantsLoadWithTheirYaml() {
    Path folder = Shared.path("reference/variants");
    return entries(folder, "networks")
        .filter(entry -> entry.get("expect").getAsString().equals("load"))
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    name(entry),
                    () ->
                        load(
                            folder.resolve(name(entry) + ".pt"),
                            ModelConfig.read(
                                folder.resolve(name(entry) + ".yaml"), Limits.DEFAULTS))));
  }

  /**
   * The entries but those of 64 channels a head, which neither a weight nor their YAML
   * assertMentions.
   */
  @TestFactory
  Stream<DynamicTest> variantsLoadFromWeightsAndYamlOnly() {
    Path folder = Shared.path("reference/variants");
    return entries(folder, "networks")
        .filter(entry -> entry.get("expect").getAsString().equals("load"))
        .filter(entry -> !Set.of("a-double-prime-head64", "w-cv2-irmb").contains(name(entry)))
        .map(
            entry ->
                DynamicTest.dynamicTest(name(entry), () -> checkStateDictWithYaml(folder, entry)));
  }

  /** Checks the network of a state dict and a YAML, without the other contents of the pickle. */
  private static void checkStateDictWithYaml(Path folder, JsonObject entry) throws IOException {
    Checkpoint full = CheckpointReader.read(folder.resolve(name(entry) + ".pt"), Limits.DEFAULTS);
    Checkpoint stateDictOnly =
        new Checkpoint(full.weights(), null, null, Map.of(), List.of(), List.of(), null);
    ModelConfig config = ModelConfig.read(folder.resolve(name(entry) + ".yaml"), Limits.DEFAULTS);
    compare(
        ModelAssembly.assemble(stateDictOnly, config, BlockRegistry.standard(), Limits.DEFAULTS),
        folder.resolve(name(entry) + ".npz"));
  }

  @TestFactory
  Stream<DynamicTest> checkpointsOfEveryVersionMatchYolov5() {
    Path folder = Shared.path("reference/checkpoints");
    return entries(folder, "files")
        .map(entry -> DynamicTest.dynamicTest(name(entry), () -> checkCheckpoint(folder, entry)));
  }

  private static void checkCheckpoint(Path folder, JsonObject entry) throws IOException {
    Path file = folder.resolve(entry.get("file").getAsString());
    ModelConfig config =
        entry.has("yaml")
            ? ModelConfig.read(folder.resolve(entry.get("yaml").getAsString()), Limits.DEFAULTS)
            : null;
    if (entry.get("expect").getAsString().equals("error")) {
      assertRejected(entry, file, config);
      return;
    }
    Model model;
    try {
      model = load(file, config);
    } catch (IrmbException e) {
      if (!entry.has("if_unsupported")) {
        throw e;
      }
      assertMentions(entry, "if_unsupported", e);
      return;
    }
    compare(model, folder.resolve(entry.get("oracle").getAsString()));
    assertEquals(entry.get("nc").getAsInt(), model.network().head().layout().classes());
    for (int i = 0; i < model.strides().size(); i++) {
      assertEquals(entry.getAsJsonArray("stride").get(i).getAsDouble(), model.strides().get(i));
    }
  }

  private static void assertRejected(JsonObject entry, Path file, @Nullable ModelConfig config) {
    assertMentions(entry, "words", assertThrows(IrmbException.class, () -> load(file, config)));
  }

  private static void assertMentions(JsonObject entry, String key, IrmbException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    for (JsonElement word : entry.getAsJsonArray(key)) {
      assertTrue(message.contains(word.getAsString().toLowerCase(Locale.ROOT)), e.getMessage());
    }
  }

  private static Model load(Path file, @Nullable ModelConfig config) {
    Checkpoint checkpoint = CheckpointReader.read(file, Limits.DEFAULTS);
    return ModelAssembly.assemble(checkpoint, config, BlockRegistry.standard(), Limits.DEFAULTS);
  }

  private static void compare(Model model, Path oracle) throws IOException {
    assertTrue(Files.exists(oracle), oracle + " is missing");
    Map<String, Npz.Array> arrays = Npz.read(oracle);
    Npz.Array x = requireNonNull(arrays.get("x"));
    Set<String> compared = new HashSet<>();
    LayerTrace.run(
        model,
        "cpu",
        Shape.of(Arrays.stream(x.shape()).asLongStream().toArray()),
        x.data(),
        (name, shape, values) -> {
          Npz.Array expected = arrays.get(name);
          if (expected != null) {
            compared.add(name);
            Tolerance.check(name, expected, shape.toArray(), values, Tolerance.REFERENCE);
          }
        });
    assertTrue(compared.contains("decoded"), "nothing was compared: " + arrays.keySet());
  }

  /**
   * The tolerance for folded norms, which round the weights once more. A few of the random networks
   * are so badly conditioned that this is visible; YOLOv5's own {@code fuse()} changes them as
   * much.
   */
  private static final double FOLDED_TOLERANCE = 1e-3;

  @TestFactory
  Stream<DynamicTest> compiledNetworksMatchYolov5() {
    return (Shared.isThere() ? Stream.of("models", "variants", "checkpoints") : Stream.of("models"))
        .flatMap(
            name -> {
              Path folder = Shared.reference(name);
              return entries(folder, name.equals("checkpoints") ? "files" : "networks")
                  .filter(
                      entry ->
                          !entry.has("expect") || entry.get("expect").getAsString().equals("load"))
                  .filter(entry -> !name(entry).equals("calls-out"))
                  .map(
                      entry ->
                          DynamicTest.dynamicTest(name(entry), () -> checkCompiled(folder, entry)));
            });
  }

  private static void checkCompiled(Path folder, JsonObject entry) throws IOException {
    boolean checkpoint = entry.has("file");
    Path file = folder.resolve(checkpoint ? entry.get("file").getAsString() : name(entry) + ".pt");
    String oracle = checkpoint ? entry.get("oracle").getAsString() : name(entry) + ".npz";
    ModelConfig config =
        entry.has("yaml")
            ? ModelConfig.read(folder.resolve(entry.get("yaml").getAsString()), Limits.DEFAULTS)
            : null;
    Model model = load(file, config);
    Map<String, Npz.Array> arrays = Npz.read(folder.resolve(oracle));
    Npz.Array x = requireNonNull(arrays.get("x"));
    Shape shape = Shape.of(Arrays.stream(x.shape()).asLongStream().toArray());
    Set<String> compared = new HashSet<>();
    LayerTrace.runCompiled(
        model,
        "cpu",
        shape,
        x.data(),
        (name, sizes, values) -> {
          Npz.Array expected = arrays.get(name);
          if (expected != null) {
            compared.add(name);
            Tolerance.check(
                name,
                expected,
                sizes.toArray(),
                values,
                checkpoint ? FOLDED_TOLERANCE : Tolerance.REFERENCE);
          }
        });
    assertTrue(compared.contains("decoded"), "nothing was compared: " + arrays.keySet());
  }

  private static String name(JsonObject entry) {
    return entry.get("name").getAsString();
  }

  private static Stream<JsonObject> entries(Path folder, String key) {
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray(key).spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }
}
