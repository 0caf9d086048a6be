package ai.irmb.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.checkpoint.CheckpointWriter;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that PyTorch 1.13 wrote, of a network with four layers in several shapes. */
@Tag("fast")
class CheckpointKindsTest {
  private static final Path FOLDER = Path.of("src/test/resources/checkpoints");
  private static final ModelConfig CONFIG =
      ModelConfig.read(FOLDER.resolve("model.yaml"), Limits.DEFAULTS);

  @TempDir private Path folder = Path.of("");

  private static Checkpoint read(String name) {
    return CheckpointReader.read(FOLDER.resolve(name), Limits.DEFAULTS);
  }

  private static Model model(Checkpoint checkpoint) {
    return ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
  }

  private static String rejection(String name) {
    return String.valueOf(
        assertThrows(WeightsException.class, () -> model(read(name))).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "list, b",
    "tuple, b",
    "npstr, b",
    "npobj, b",
    "listnp, b\u00e9",
    "dictint, b",
    "dictstr, b",
    "dictnp, b"
  })
  void namesOfEveryKindAreKept(String kind, String second) {
    Checkpoint checkpoint = read("names_" + kind + ".pt");
    Map<Integer, String> expected = Map.of(0, "a", 1, second);
    assertEquals(expected, model(checkpoint).names());
    Path converted = folder.resolve("names.safetensors");
    CheckpointWriter.write(checkpoint, converted, StoragePrecision.KEEP);
    assertEquals(expected, CheckpointReader.read(converted, Limits.DEFAULTS).names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"int", "npint", "npbytes"})
  void namesOfAnotherKindAreAnError(String kind) {
    String message = rejection("names_" + kind + ".pt");
    assertTrue(message.contains("names: expected"), message);
  }

  @Test
  void missingNamesAreNumbers() {
    assertEquals(Map.of(0, "0", 1, "1"), model(read("names_none.pt")).names());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "module.",
        "model.",
        "_orig_mod.",
        "module._orig_mod.",
        "_orig_mod.module.",
        "model._orig_mod.",
        "_orig_mod.model.",
        "model.module.",
        "module.model.",
        "model.module._orig_mod.",
        "_orig_mod.model.module.",
        "module.model._orig_mod."
      })
  void prefixesOfWrappersAreRemoved(String prefix) {
    Map<String, HostTensor> tensors = read("sd.pt").weights().tensors();
    Map<String, HostTensor> prefixed = new LinkedHashMap<>();
    tensors.forEach((key, value) -> prefixed.put(prefix + key, value));
    Path file = folder.resolve("prefixed.safetensors");
    CheckpointWriter.write(stateDict(prefixed), file, StoragePrecision.KEEP);
    Checkpoint read = CheckpointReader.read(file, Limits.DEFAULTS);
    assertEquals(tensors.keySet(), read.weights().tensors().keySet());
    ModelAssembly.assemble(read, CONFIG, BlockRegistry.standard(), Limits.DEFAULTS);
  }

  @Test
  void namesOfCompiledModulesAreRemovedInsideAKey() {
    Map<String, HostTensor> tensors = read("sd.pt").weights().tensors();
    Map<String, HostTensor> compiled = new LinkedHashMap<>();
    tensors.forEach(
        (key, value) -> compiled.put(key.replace("model.1.", "model.1._orig_mod."), value));
    Path file = folder.resolve("compiled.safetensors");
    CheckpointWriter.write(stateDict(compiled), file, StoragePrecision.KEEP);
    Checkpoint read = CheckpointReader.read(file, Limits.DEFAULTS);
    assertEquals(tensors.keySet(), read.weights().tensors().keySet());
  }

  private static Checkpoint stateDict(Map<String, HostTensor> tensors) {
    return new Checkpoint(
        new StateDict("sd", tensors), null, null, Map.of(), List.of(), List.of(), null);
  }

  @Test
  void unknownClassesInsideABlockAreNamedWithTheirPath() {
    String message = rejection("coordatt.pt");
    assertTrue(message.contains("layer 1 (Bottleneck), module model.1.ca"), message);
    assertTrue(message.contains("models.common.CoordAtt") && message.contains("conv1"), message);
  }

  @Test
  void keysThatTellAnUnknownModuleComeFirst() {
    String message = rejection("cascaded.pt");
    assertTrue(message.contains("module model.1: the class models.common.iRMB_Cascaded"), message);
    assertTrue(message.contains("It has the parameters attn.qkvs.0.conv.weight"), message);
    for (String child : List.of("norm.", "conv_local.", "proj.")) {
      assertTrue(message.contains(child), message);
    }
  }

  @ParameterizedTest
  @CsvSource({"weights_list.pt, weights", "not_detector.pt, a"})
  void otherDictionariesOfTensorsAreNotDetectors(String file, String key) {
    String message = rejection(file);
    assertTrue(message.contains("its keys are \"" + key + "\""), message);
    String withYaml =
        String.valueOf(
            assertThrows(
                    WeightsException.class,
                    () ->
                        ModelAssembly.assemble(
                            read(file), CONFIG, BlockRegistry.standard(), Limits.DEFAULTS))
                .getMessage());
    assertTrue(withYaml.contains("not the state dict of a detector"), withYaml);
    assertFalse(
        CheckpointReader.readTensors(FOLDER.resolve(file), Limits.DEFAULTS)
            .weights()
            .tensors()
            .isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.pt2", "new.pt2", "aoti.pt2"})
  void programsOfTorchExportAreNamed(String file) {
    String message = rejection(file);
    assertTrue(message.contains("torch.export") && message.contains("train.py"), message);
  }

  /** PyTorch counts 1,686: all convolutions share one PReLU. */
  @Test
  void sharedActivationsOfACheckpointCountOnce() {
    Model model = model(read("prelu.pt"));
    assertEquals(1686, Summary.of(model, 64, 64).parameters());
    assertEquals(
        List.of(233L, 673L, 593L, 189L),
        model.layers().stream().map(LayerSummary::parameters).toList());
  }
}
