package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.ModuleTree;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The content of the checkpoints among the test resources. */
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
    assertEquals(List.of(6L, 6L), conv.attributes().get("kernel_size"));
    assertEquals(0.001, child(child(layers, "0"), "bn").attributes().get("eps"));
    assertEquals("SiLU", child(child(layers, "0"), "act").simpleName());
    assertEquals(List.of(17L, 20L, 23L), child(layers, "24").attributes().get("f"));
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
}
