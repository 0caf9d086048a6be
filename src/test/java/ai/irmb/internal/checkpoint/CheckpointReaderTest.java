package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.Attribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The content of the checkpoints among the test resources. */
@Tag("fast")
class CheckpointReaderTest {
  private static Checkpoint read(String name) {
    return CheckpointReader.read(Fixtures.path(name), Limits.DEFAULTS);
  }

  @Test
  void readsStructureNamesStridesAndAnchorsOfAStrippedCheckpoint() {
    Checkpoint checkpoint = read("v7.0-stripped.pt");
    assertEquals(Map.of(0, "platelet", 1, "red cell", 2, "white cell"), checkpoint.names());
    assertEquals(List.of(8.0, 16.0, 32.0), checkpoint.strides());
    assertEquals(List.of(116.0, 90.0, 156.0, 198.0, 373.0, 326.0), checkpoint.anchors().get(2));
    ModuleTree layers = child(Objects.requireNonNull(checkpoint.modules()), "model");
    ModuleTree conv = child(child(layers, "0"), "conv");
    assertEquals("torch.nn.modules.conv.Conv2d", conv.className());
    assertEquals(Attribute.listOf(6, 6), conv.attributes().get("kernel_size"));
    assertEquals(Attribute.of(0.001), child(child(layers, "0"), "bn").attributes().get("eps"));
    assertEquals("SiLU", child(child(layers, "0"), "act").simpleName());
    assertEquals(Attribute.listOf(17, 20, 23), child(layers, "24").attributes().get("f"));
    assertEquals(3L, Objects.requireNonNull(checkpoint.yaml()).get("nc"));
  }

  private static ModuleTree child(ModuleTree tree, String name) {
    return Objects.requireNonNull(tree.children().get(name), name);
  }

  @Test
  void readsALegacyStateDict() {
    Checkpoint checkpoint = read("legacy-state-dict.pt");
    assertTrue(checkpoint.weights().tensors().containsKey("model.0.conv.weight"));
    assertNull(checkpoint.modules());
    assertTrue(checkpoint.names().isEmpty() && checkpoint.strides().isEmpty());
  }

  @Test
  void readsBigEndianWeightsAsTheSameValues() {
    Map<String, HostTensor> swapped = read("good-big-endian.pt").weights().tensors();
    assertEquals(
        SharedFiles.digest(read("good.pt").weights().tensors()), SharedFiles.digest(swapped));
  }

  @Test
  void readsNonContiguousViewsByTheirStrides() {
    HostTensor expanded =
        Objects.requireNonNull(
            read("good-views.pt").weights().tensors().get("model.1.bn.running_var"));
    for (float value : expanded.toFloats()) {
      assertEquals(1.25f, value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pickle-os-system.pt, posix.system",
    "pickle-import-chain.pt, import_module",
    "pickle-inst.pt, subprocess",
    "tensor-out-of-storage.pt, model.1.conv.weight",
    "zip-local-header-lies.pt, local header",
    "st-duplicate-key.safetensors, model.0.bn.weight",
    "st-overlap.safetensors, overlap"
  })
  void refusesHostileFilesWithTheReason(String name, String word) {
    String message = SharedFiles.readError(Fixtures.path(name));
    assertTrue(message.startsWith(name + ": ") && message.contains(word), message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -8, 65_537, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesStridesAndAnchorsThatAreNotPixels(double value) {
    StateDict weights = new StateDict("best.pt", Map.of());
    for (boolean isStride : new boolean[] {true, false}) {
      String message =
          String.valueOf(
              assertThrows(
                      WeightsException.class,
                      () ->
                          new Checkpoint(
                              weights,
                              null,
                              null,
                              Map.of(),
                              isStride ? List.of(8.0, value) : List.of(8.0),
                              isStride ? List.of() : List.of(List.of(10.0, value)),
                              null))
                  .getMessage());
      String name = isStride ? "stride" : "anchor";
      assertTrue(message.startsWith("best.pt: the " + name + " " + value + " is not"), message);
    }
  }

  @Test
  void namesTheFileWhoseStridesAreNotPixels() throws IOException {
    ZipBuilder archive = ZipBuilder.of(Files.readAllBytes(Fixtures.path("v7.0-stripped.pt")));
    List<Double> strides = read("v7.0-stripped.pt").strides();
    int changed = 0;
    for (String name : archive.names()) {
      ByteBuffer floats = ByteBuffer.wrap(archive.get(name)).order(ByteOrder.LITTLE_ENDIAN);
      boolean isStrides = floats.capacity() == 4 * strides.size() || floats.capacity() == 6;
      if (isStrides && name.contains("/data/")) {
        byte[] zeros = new byte[floats.capacity()];
        archive.put(name, zeros);
        changed++;
      }
    }
    assertTrue(changed > 0);
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () ->
                CheckpointReader.read(WeightFile.of("best.pt", archive.bytes()), Limits.DEFAULTS));
    assertTrue(String.valueOf(e.getMessage()).startsWith("best.pt: the stride 0.0 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"names_tuple.pt", "names_np.pt"})
  @EnabledIfSystemProperty(named = "irmb.shared", matches = ".+")
  void readsNamesInATupleOrANumpyArray(String name) {
    Map<Integer, String> names =
        CheckpointReader.read(SharedFiles.path("trials/checkpoints").resolve(name), Limits.DEFAULTS)
            .names();
    assertEquals(80, names.size());
    assertEquals("person", names.get(0));
    assertEquals("toothbrush", names.get(79));
  }
}
