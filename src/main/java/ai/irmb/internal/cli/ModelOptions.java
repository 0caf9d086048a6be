package ai.irmb.internal.cli;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.limit.Limits;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of a command. */
final class ModelOptions {
  private static final String SHIPPED = "bccd-yolov5n_iRMB.pt";

  @Option(
      names = "--config",
      paramLabel = "YAML",
      description = "Model YAML: a file or the name of a config in the jar.")
  @Nullable String config;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Checkpoint (.pt), state dict or .safetensors file.")
  @Nullable Path weights;

  @Mixin private final LimitOptions limits = new LimitOptions();

  /** {@return the limits on files from outside} */
  Limits limits() {
    return limits.limits();
  }

  /**
   * {@return the given weights or, if neither weights nor config is given, the blood-cell model}
   */
  Path weightsOrShipped() {
    if (weights != null) {
      return weights;
    }
    if (config != null) {
      throw new IllegalArgumentException("--weights: required with --config");
    }
    Path here = Path.of("models", SHIPPED);
    if (Files.exists(here)) {
      return here;
    }
    Path beside = project().resolve("models").resolve(SHIPPED);
    if (Files.exists(beside)) {
      return beside;
    }
    throw new IllegalArgumentException("--weights: required, because " + here + " does not exist");
  }

  /** {@return the parent of the folder that contains the jar} */
  private static Path project() {
    try {
      var source = ModelOptions.class.getProtectionDomain().getCodeSource();
      Path jar = source == null ? null : Path.of(source.getLocation().toURI()).getParent();
      Path parent = jar == null ? null : jar.getParent();
      return parent == null ? Path.of("") : parent;
    } catch (URISyntaxException e) {
      return Path.of("");
    }
  }

  /** {@return the model with its weights, which the command requires} */
  Model loadWithWeights() {
    if (weights == null) {
      throw new IllegalArgumentException("--weights: required");
    }
    return load();
  }

  /** {@return the model, from its YAML alone or with its weights} */
  Model load() {
    Limits limits = limits();
    if (weights != null) {
      ModelAssembly.checkNotExchanged(config, weights.toString());
    }
    ModelConfig modelConfig = config == null ? null : ModelConfig.load(config, limits);
    if (weights == null) {
      if (modelConfig == null) {
        throw new IllegalArgumentException("--config or --weights: one of them is required");
      }
      return ModelAssembly.describe(modelConfig, BlockRegistry.standard());
    }
    return ModelAssembly.assemble(
        CheckpointReader.read(weights, limits), modelConfig, BlockRegistry.standard(), limits);
  }
}
