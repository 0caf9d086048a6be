package ai.irmb.internal.cli;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.checkpoint.CheckpointWriter;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.limit.Limits;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a checkpoint as safetensors, with all metadata that a detector needs. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = "Writes weights as .safetensors, with all metadata that a detector needs.")
final class ConvertCommand implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final LimitOptions limitOptions = new LimitOptions();

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "Checkpoint, state dict or .safetensors to read.")
  private Path weights = Path.of("");

  @Option(names = "--config", paramLabel = "YAML", description = "Model YAML, for a state dict.")
  private @Nullable String config;

  @Option(
      names = "--dtype",
      defaultValue = "keep",
      description = "Type of the weights: keep, fp32, fp16, bf16 (default: ${DEFAULT-VALUE}).")
  private String dtype = "keep";

  @Option(
      names = "--fold",
      description =
          "Fold batch norms into the preceding convolutions, as compiled execution does. Folded"
              + " weights become fp32 unless --dtype is given.")
  private boolean fold;

  @Option(
      names = "--tensors-only",
      description =
          "Write the tensors of any file, without metadata and without checking that a network can"
              + " be built from them.")
  private boolean tensorsOnly;

  @Parameters(paramLabel = "OUT.safetensors", description = "File to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    OutputNames.check(out, ".safetensors");
    StoragePrecision precision;
    try {
      precision = StoragePrecision.valueOf(dtype.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--dtype: expected keep, fp32, fp16 or bf16, found " + dtype, e);
    }
    Limits limits = limitOptions.limits();
    if (tensorsOnly && (fold || config != null)) {
      throw new IllegalArgumentException(
          "--tensors-only builds no network, so it excludes --fold and --config");
    }
    Checkpoint checkpoint =
        tensorsOnly
            ? CheckpointReader.readTensors(weights, limits)
            : CheckpointReader.read(weights, limits);
    ModelConfig modelConfig = config == null ? null : ModelConfig.load(config, limits);
    if (!tensorsOnly) {
      requireNetwork(checkpoint, modelConfig, limits);
    }
    if (modelConfig != null && checkpoint.modules() == null) {
      checkpoint = withYaml(checkpoint, modelConfig);
    }
    if (fold) {
      checkpoint = ModelAssembly.fold(checkpoint, BlockRegistry.standard(), limits);
    }
    CheckpointWriter.write(checkpoint, out, precision);
    console.out().line(checkpoint.weights().tensors().size() + " tensors; written to " + out);
    return 0;
  }

  /** A state dict without a YAML cannot be built yet, but may be with the YAML later. */
  private static void requireNetwork(
      Checkpoint checkpoint, @Nullable ModelConfig modelConfig, Limits limits) {
    try {
      if (modelConfig == null && checkpoint.modules() == null && checkpoint.yaml() == null) {
        ModelAssembly.requireDetectorKeys(checkpoint.weights());
      } else {
        ModelAssembly.assemble(checkpoint, modelConfig, BlockRegistry.standard(), limits);
      }
    } catch (WeightsException e) {
      throw new WeightsException(
          e.getMessage() + ". With --tensors-only the tensors alone are converted", e.problems());
    }
  }

  private static Checkpoint withYaml(Checkpoint checkpoint, ModelConfig modelConfig) {
    return new Checkpoint(
        checkpoint.weights(),
        null,
        modelConfig.root().toPlainData(),
        checkpoint.names(),
        checkpoint.strides(),
        checkpoint.anchors(),
        checkpoint.imageSize());
  }
}
