package ai.irmb.spring;

import ai.irmb.DetectOptions;
import ai.irmb.DetectorSettings;
import ai.irmb.ExecutionMode;
import ai.irmb.MaskMode;
import ai.irmb.Precision;
import ai.irmb.image.ReadOptions;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code irmb.*}. What is not set has the default of {@link DetectorSettings} and
 * {@link DetectOptions}. Immutable.
 *
 * @param weights path of the weights or, after classpath:, a resource; required
 * @param config model YAML: a file, a config of the library, or a resource after classpath:
 * @param device cpu, cuda or cuda:1; by default CUDA if the engine has it
 * @param precision floating-point type that the network computes in
 * @param strictPrecision whether NaN or infinity in a precision other than FP32 is an error
 * @param execution execution mode
 * @param maxConcurrency maximum number of forward passes at the same time
 * @param batchSize maximum number of images per forward pass
 * @param acceptTruncated whether truncated images are read as far as they go
 * @param warmUp whether the network runs once before the application is ready
 * @param limits limits on what files may contain, by name, such as irmb.limits.pixels
 * @param options options of a detection
 * @param calls bounds on simultaneous calls
 * @param batching batches of images of different calls
 * @param web responses to errors, and uploads
 */
@ConfigurationProperties("irmb")
public record IrmbProperties(
    @Nullable String weights,
    @Nullable String config,
    @Nullable String device,
    @Nullable Precision precision,
    @Nullable Boolean strictPrecision,
    @Nullable ExecutionMode execution,
    @Nullable Integer maxConcurrency,
    @Nullable Integer batchSize,
    @Nullable Boolean acceptTruncated,
    @DefaultValue("true") boolean warmUp,
    @DefaultValue Map<Limit, Long> limits,
    @DefaultValue Options options,
    @DefaultValue Calls calls,
    @DefaultValue Batching batching,
    @DefaultValue Web web) {

  /**
   * The properties {@code irmb.options.*}: the options of a detection.
   *
   * @param height maximum height of the network's input in pixels
   * @param width maximum width of the network's input in pixels
   * @param rectangular whether images are padded only to the next multiple of the stride
   * @param confidenceThreshold minimum confidence of a detection, 0 to 1
   * @param iouThreshold IoU above which NMS keeps only the more confident of two boxes, 0 to 1
   * @param classes ids of the classes to detect
   * @param classNames names of the classes to detect
   * @param classAgnostic whether NMS compares boxes of different classes
   * @param multiLabel whether a box may have several classes
   * @param maxDetections maximum number of detections per image
   * @param masks computation of the masks of a segmentation model
   * @param slices slicing of large images; off unless one of its properties is set
   */
  public record Options(
      @Nullable Integer height,
      @Nullable Integer width,
      @Nullable Boolean rectangular,
      @Nullable Double confidenceThreshold,
      @Nullable Double iouThreshold,
      @Nullable Set<Integer> classes,
      @Nullable Set<String> classNames,
      @Nullable Boolean classAgnostic,
      @Nullable Boolean multiLabel,
      @Nullable Integer maxDetections,
      @Nullable MaskMode masks,
      @Nullable Slices slices) {

    /** {@return the library's options with what is set here} */
    DetectOptions toDetectOptions() {
      DetectOptions options = DetectOptions.DEFAULTS;
      if (height != null || width != null) {
        // One alone is the side of a square.
        int high = height != null ? height : orElse(width, 0);
        options = options.withSize(high, orElse(width, high));
      }
      options = set(options, rectangular, DetectOptions::withRectangular);
      options = set(options, confidenceThreshold, DetectOptions::withConfidenceThreshold);
      options = set(options, iouThreshold, DetectOptions::withIouThreshold);
      options = set(options, classes, DetectOptions::withClasses);
      options = set(options, classNames, DetectOptions::withClassNames);
      options = set(options, classAgnostic, DetectOptions::withClassAgnostic);
      options = set(options, multiLabel, DetectOptions::withMultiLabel);
      options = set(options, maxDetections, DetectOptions::withMaxDetections);
      options = set(options, masks, DetectOptions::withMasks);
      return slices == null ? options : options.withSlices(slices.toSlices());
    }
  }

  /**
   * The properties {@code irmb.options.slices.*}.
   *
   * @param height height of a slice in pixels; by default that of the network's input
   * @param width width of a slice in pixels; by default that of the network's input
   * @param overlap overlap of neighbors as a fraction of a slice's side
   * @param includeFullImage whether the full image is processed too
   */
  public record Slices(
      @Nullable Integer height,
      @Nullable Integer width,
      @Nullable Double overlap,
      @Nullable Boolean includeFullImage) {

    ai.irmb.Slices toSlices() {
      ai.irmb.Slices defaults = ai.irmb.Slices.DEFAULTS;
      int high = height != null ? height : orElse(width, defaults.height());
      return new ai.irmb.Slices(
          high,
          orElse(width, high),
          orElse(overlap, defaults.overlap()),
          orElse(includeFullImage, defaults.includeFullImage()));
    }
  }

  /**
   * The properties {@code irmb.calls.*}: bounds on the calls of {@link DetectorTemplate}.
   *
   * @param maxActive maximum number of images that are decoded or detected at the same time; by
   *     default the number of cores, less if the heap could not hold that many of the largest size
   * @param maxWaiting maximum number of calls that wait for one of these; further ones are refused
   * @param maxWait maximum time that a call waits before it is refused
   * @param retryAfter time after which a refused client should try again
   */
  public record Calls(
      @Nullable Integer maxActive,
      @DefaultValue("32") int maxWaiting,
      @DefaultValue("10s") Duration maxWait,
      @DefaultValue("1s") Duration retryAfter) {
    /** Peak of decoding: the file's data, the decoder's image and its copy, three bytes each. */
    private static final long BYTES_PER_PIXEL = 9;

    /** {@return the maximum number of active calls, at least 1} */
    int active(int wanted, long pixels, long heap) {
      if (maxActive != null) {
        return maxActive;
      }
      long fitting = heap / 4 * 3 / BYTES_PER_PIXEL / pixels;
      return (int) Math.max(1, Math.min(wanted, fitting));
    }
  }

  /**
   * The properties {@code irmb.batching.*}: batches of images of different calls.
   *
   * @param maxImages maximum number of images of a batch; 1 for no batching
   * @param maxWait maximum time that the first image of a batch waits for others
   */
  public record Batching(@DefaultValue("1") int maxImages, @DefaultValue("5ms") Duration maxWait) {}

  /**
   * The properties {@code irmb.web.*}.
   *
   * @param problemDetails whether exceptions of a detection become HTTP responses of their own
   * @param uploadTimeout maximum time that Tomcat reads the body of a request; by default unlimited
   */
  public record Web(
      @DefaultValue("true") boolean problemDetails, @Nullable Duration uploadTimeout) {}

  /**
   * {@return the detector's settings}
   *
   * @throws IllegalStateException if there are no weights
   */
  DetectorSettings toSettings() {
    if (weights == null || weights.isBlank()) {
      throw new IllegalStateException(
          "irmb.weights: not set; expected the path of the weights or classpath:best.pt, for"
              + " example in application.properties");
    }
    DetectorSettings settings =
        DetectorSettings.DEFAULTS
            .withWeights(weights)
            .withConfig(config)
            .withDevice(device)
            .withLimits(readOptions().limits())
            .withOptions(options.toDetectOptions());
    settings = set(settings, precision, DetectorSettings::withPrecision);
    settings = set(settings, strictPrecision, DetectorSettings::withStrictPrecision);
    settings = set(settings, execution, DetectorSettings::withExecution);
    settings = set(settings, maxConcurrency, DetectorSettings::withMaxConcurrency);
    settings = set(settings, batchSize, DetectorSettings::withBatchSize);
    return settings.withAcceptTruncated(readOptions().acceptTruncated());
  }

  /** {@return the options for reading an image} */
  ReadOptions readOptions() {
    Limits bounds = Limits.DEFAULTS;
    for (Map.Entry<Limit, Long> limit : limits.entrySet()) {
      bounds = bounds.with(limit.getKey(), limit.getValue());
    }
    ReadOptions reading = ReadOptions.DEFAULTS.withLimits(bounds);
    return set(reading, acceptTruncated, ReadOptions::withAcceptTruncated);
  }

  private static <S, V> S set(S target, @Nullable V value, BiFunction<S, V, S> setter) {
    return value == null ? target : setter.apply(target, value);
  }

  private static <V> V orElse(@Nullable V value, V otherwise) {
    return value == null ? otherwise : value;
  }
}
