package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.IrmbException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.ReadOptions;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileNames;
import ai.irmb.limit.Limits;
import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a detector, as a value that can be sent to another machine. Engines that
 * distribute work send it; each of their processes opens a detector of its own.
 *
 * <pre>{@code
 * DetectorSettings settings = Detector.builder().weights(Path.of("best.pt")).settings();
 * // elsewhere
 * try (Detector detector = settings.open()) { … }
 * }</pre>
 *
 * <p>Files are named, not contained: they must exist where the detector is opened. Blocks of an
 * application's own are not part of the settings; add them with {@link #toBuilder}. Immutable; each
 * {@code with…} returns a changed copy.
 *
 * @param config model YAML: a file or, if there is none of that name, a config in the jar; after
 *     {@code classpath:}, a resource on the class path; null for the checkpoint's own
 * @param weights path of the checkpoint, state dict or safetensors file or, after {@code
 *     classpath:}, a resource on the class path; required to open a detector
 * @param device {@code cpu}, {@code cuda} or {@code cuda:1}; null for CUDA if the engine has it,
 *     else the CPU. A device that does not exist is an error when the detector is opened
 * @param precision floating-point type that the network computes in; one that the device does not
 *     support is an error when the detector is opened
 * @param strictPrecision whether NaN or infinity in a precision other than FP32 is an error; by
 *     default such a batch is computed again in FP32, with one warning per detector
 * @param execution execution mode; if the engine does not accept the compiled program, the network
 *     runs eagerly, with a warning
 * @param maxConcurrency maximum number of forward passes at the same time, 1 to 1024, each on its
 *     own thread; 0 for the number of cores divided by the engine's threads, which is 1 unless the
 *     application lowers those. All detectors of the process that use a device share its threads;
 *     the largest value applies. If maxConcurrency × engine threads exceeds the number of cores,
 *     throughput falls
 * @param batchSize maximum number of images per forward pass, 1 to 1024. A CPU processes at most
 *     two images of 640 × 640 at once, and more of smaller ones. If the device's memory does not
 *     suffice, smaller batches are tried, with a warning
 * @param options options of {@code detect} calls without options of their own
 * @param limits limits on what files from outside may contain
 * @param acceptTruncated whether truncated image files are read as far as they go: see {@link
 *     ReadOptions#acceptTruncated}
 */
public record DetectorSettings(
    @Nullable String config,
    @Nullable String weights,
    @Nullable String device,
    Precision precision,
    boolean strictPrecision,
    ExecutionMode execution,
    int maxConcurrency,
    int batchSize,
    DetectOptions options,
    Limits limits,
    boolean acceptTruncated)
    implements Serializable {
  private static final int MAX_COUNT = 1024;

  /** FP32, compiled, 8 images per batch, and the defaults of options and limits; no weights. */
  public static final DetectorSettings DEFAULTS =
      new DetectorSettings(
          null,
          null,
          null,
          Precision.FP32,
          false,
          ExecutionMode.COMPILED,
          0,
          8,
          DetectOptions.DEFAULTS,
          Limits.DEFAULTS,
          false);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DetectorSettings {
    if (device != null) {
      PyTorchEngine.checkDeviceName(device);
    }
    requireNonNull(precision, "precision");
    requireNonNull(execution, "execution");
    check("maxConcurrency", maxConcurrency, 0);
    check("batchSize", batchSize, 1);
    requireNonNull(options, "options");
    requireNonNull(limits, "limits");
  }

  private static void check(String name, int value, int min) {
    if (value < min || value > MAX_COUNT) {
      throw new IllegalArgumentException(
          name + ": expected " + min + " to " + MAX_COUNT + ", found " + value);
    }
  }

  /** {@return these settings with another model YAML, or null for the checkpoint's own} */
  public DetectorSettings withConfig(@Nullable String value) {
    return with(copy -> copy.config = value);
  }

  /** {@return these settings with other weights} */
  public DetectorSettings withWeights(String value) {
    requireNonNull(value, "value");
    return with(copy -> copy.weights = value);
  }

  /** {@return these settings with another device, or null for the default} */
  public DetectorSettings withDevice(@Nullable String value) {
    return with(copy -> copy.device = value);
  }

  /** {@return these settings with another precision} */
  public DetectorSettings withPrecision(Precision value) {
    return with(copy -> copy.precision = value);
  }

  /** {@return these settings with results that are not finite as errors or not} */
  public DetectorSettings withStrictPrecision(boolean value) {
    return with(copy -> copy.strictPrecision = value);
  }

  /** {@return these settings with another execution mode} */
  public DetectorSettings withExecution(ExecutionMode value) {
    return with(copy -> copy.execution = value);
  }

  /** {@return these settings with another maximum of concurrent forward passes} */
  public DetectorSettings withMaxConcurrency(int value) {
    return with(copy -> copy.maxConcurrency = value);
  }

  /** {@return these settings with another batch size} */
  public DetectorSettings withBatchSize(int value) {
    return with(copy -> copy.batchSize = value);
  }

  /** {@return these settings with other default options} */
  public DetectorSettings withOptions(DetectOptions value) {
    return with(copy -> copy.options = value);
  }

  /** {@return these settings with other limits} */
  public DetectorSettings withLimits(Limits value) {
    return with(copy -> copy.limits = value);
  }

  /** {@return these settings with truncated images accepted or not} */
  public DetectorSettings withAcceptTruncated(boolean value) {
    return with(copy -> copy.acceptTruncated = value);
  }

  /**
   * {@return a new detector with these settings, for the caller to close}
   *
   * @throws IllegalStateException if there are no weights
   * @throws IrmbException if the files cannot be read, or the network cannot run
   */
  public Detector open() {
    return toBuilder().build();
  }

  /** {@return the options for reading an image file} */
  ReadOptions readOptions() {
    return new ReadOptions(limits, acceptTruncated);
  }

  /** {@return a builder with these settings} */
  public Detector.Builder toBuilder() {
    return new Detector.Builder(this);
  }

  /**
   * {@return the path of the weights}
   *
   * @throws IllegalStateException if there are none
   * @throws WeightsException if it is not a path
   */
  Path weightsPath() {
    String text = weightsText();
    try {
      return FileNames.path(text);
    } catch (InvalidPathException e) {
      throw new WeightsException(Quoting.quote(text) + ": not a valid path: " + e.getReason(), e);
    }
  }

  /**
   * {@return path or resource of the weights}
   *
   * @throws IllegalStateException if there are none
   */
  String weightsText() {
    if (weights == null) {
      throw new IllegalStateException("weights: none were given");
    }
    return weights;
  }

  private DetectorSettings with(Consumer<MutableCopy> change) {
    MutableCopy copy = new MutableCopy(this);
    change.accept(copy);
    return copy.settings();
  }

  /** A mutable copy, so that each {@code with} names only what it changes. */
  private static final class MutableCopy {
    private @Nullable String config;
    private @Nullable String weights;
    private @Nullable String device;
    private Precision precision;
    private boolean strictPrecision;
    private ExecutionMode execution;
    private int maxConcurrency;
    private int batchSize;
    private DetectOptions options;
    private Limits limits;
    private boolean acceptTruncated;

    MutableCopy(DetectorSettings from) {
      config = from.config;
      weights = from.weights;
      device = from.device;
      precision = from.precision;
      strictPrecision = from.strictPrecision;
      execution = from.execution;
      maxConcurrency = from.maxConcurrency;
      batchSize = from.batchSize;
      options = from.options;
      limits = from.limits;
      acceptTruncated = from.acceptTruncated;
    }

    DetectorSettings settings() {
      return new DetectorSettings(
          config,
          weights,
          device,
          precision,
          strictPrecision,
          execution,
          maxConcurrency,
          batchSize,
          options,
          limits,
          acceptTruncated);
    }
  }
}
