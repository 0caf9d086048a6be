package ai.irmb.cli;

import ai.irmb.block.BlockRegistry;
import ai.irmb.checkpoint.Checkpoint;
import ai.irmb.checkpoint.CheckpointReader;
import ai.irmb.checkpoint.CheckpointWriter;
import ai.irmb.limit.Limits;
import ai.irmb.network.ModelAssembly;
import ai.irmb.spec.ModelSpec;
import ai.irmb.weights.Precision;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a checkpoint as safetensors, with everything that a detector needs. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = "Writes weights as .safetensors, with all that a detector needs to know.")
final class ConvertCommand implements Callable<Integer> {
  @Option(names = "--weights", required = true, paramLabel = "FILE", description = "What is read.")
  private Path weights = Path.of("");

  @Option(names = "--config", paramLabel = "YAML", description = "Model YAML of a bare state dict.")
  private @Nullable String config;

  @Option(
      names = "--dtype",
      defaultValue = "keep",
      description = "keep, fp32, fp16 or bf16 (${DEFAULT-VALUE}).")
  private String dtype = "keep";

  @Option(
      names = "--fold",
      description =
          "Fold batch norms into the convolutions before them, as compiled execution does it; what"
              + " is folded becomes fp32 unless --dtype says else.")
  private boolean fold;

  @Parameters(paramLabel = "OUT.safetensors", description = "What is written.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    Precision precision;
    try {
      precision = Precision.valueOf(dtype.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--dtype: expected keep, fp32, fp16 or bf16, found " + dtype, e);
    }
    Checkpoint checkpoint = CheckpointReader.read(weights, Limits.DEFAULTS);
    ModelSpec spec = config == null ? null : ModelSpec.load(config, Limits.DEFAULTS);
    if (spec != null) {
      ModelAssembly.assemble(checkpoint, spec, BlockRegistry.standard(), Limits.DEFAULTS);
      if (checkpoint.modules() == null) {
        checkpoint = withYaml(checkpoint, spec);
      }
    }
    if (fold) {
      checkpoint = ModelAssembly.fold(checkpoint, BlockRegistry.standard(), Limits.DEFAULTS);
    }
    CheckpointWriter.write(checkpoint, out, precision);
    return 0;
  }

  private static Checkpoint withYaml(Checkpoint checkpoint, ModelSpec spec) {
    return new Checkpoint(
        checkpoint.weights(),
        null,
        spec.document().plain(),
        checkpoint.names(),
        checkpoint.strides(),
        checkpoint.anchors(),
        checkpoint.imageSize());
  }
}
