package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.IrmbException;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.limit.Limits;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to make a detector, as a value that can be sent to another machine: engines that distribute
 * work ship this, and each of their processes opens one detector of its own.
 *
 * <pre>{@code
 * DetectorSettings settings = Detector.builder().weights(Path.of("best.pt")).settings();
 * // elsewhere
 * try (Detector detector = settings.open()) { … }
 * }</pre>
 *
 * <p>Files are named, not contained: they have to be where the detector is opened. Blocks of an
 * application's own are not part of it; add them with {@link #toBuilder}. Immutable.
 *
 * @param config the model YAML, or null for the checkpoint's
 * @param weights path of the checkpoint, state dict or safetensors file
 * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has it
 * @param precision in which numbers the network computes
 * @param execution how the network is run
 * @param maxConcurrency how many forward passes may run at once, 1 to 1024, or 0 for the default
 * @param batchSize how many images go through the network at once at most, 1 to 1024
 * @param options what {@code detect} uses when it is given none
 * @param limits what files from outside may ask for
 */
public record DetectorSettings(
    @Nullable String config,
    String weights,
    @Nullable String device,
    Precision precision,
    ExecutionMode execution,
    int maxConcurrency,
    int batchSize,
    DetectOptions options,
    Limits limits)
    implements Serializable {
  private static final int MOST = 1024;

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DetectorSettings {
    requireNonNull(weights, "weights");
    if (device != null) {
      PyTorchEngine.checkDeviceName(device);
    }
    requireNonNull(precision, "precision");
    requireNonNull(execution, "execution");
    if (maxConcurrency != 0) {
      checkCount("concurrency", maxConcurrency);
    }
    checkCount("batchSize", batchSize);
    requireNonNull(options, "options");
    requireNonNull(limits, "limits");
  }

  static void checkCount(String what, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(what + ": expected 1 to " + MOST + ", found " + count);
    }
  }

  /**
   * {@return a detector made so; who asks closes it}
   *
   * @throws IrmbException if it cannot be read or run
   */
  public Detector open() {
    return toBuilder().build();
  }

  /** {@return a builder with these settings} */
  public Detector.Builder toBuilder() {
    Detector.Builder builder =
        Detector.builder()
            .weights(Path.of(weights))
            .precision(precision)
            .execution(execution)
            .batchSize(batchSize)
            .options(options)
            .limits(limits);
    if (config != null) {
      builder.config(config);
    }
    if (device != null) {
      builder.device(device);
    }
    if (maxConcurrency > 0) {
      builder.maxConcurrency(maxConcurrency);
    }
    return builder;
  }
}
