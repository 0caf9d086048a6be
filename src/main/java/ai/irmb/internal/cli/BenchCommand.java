package ai.irmb.internal.cli;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.EngineProperties;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the speed of a model on this machine: the network alone, and a full detection. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the speed of a model on this machine.",
      "Runs of the network alone alternate with full detections, from the decoded image to the"
          + " boxes. Prints medians and percentiles."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP = 5;

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final ExecutionOptions run = new ExecutionOptions();
  @Mixin private final SizeOption size = new SizeOption();
  @Mixin private final BatchOption batchSize = new BatchOption(1);
  @Mixin private final JsonOption json = new JsonOption();

  @Option(
      names = "--threads",
      description = "Threads per forward pass (default: the number of cores).")
  private @Nullable Integer threads;

  @Option(
      names = "--runs",
      defaultValue = "50",
      description = "Number of measured runs (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE",
      description =
          "Image to detect objects in (default: noise, in the size of the network's input).")
  private @Nullable Path image;

  @Override
  public Integer call() throws IOException {
    int batch = batchSize.batch();
    check("--runs", runs, 1_000_000);
    if (threads != null) {
      check("--threads", threads, 1024);
      EngineProperties.setThreads(threads);
    }
    int[] hw = size.heightAndWidth(640);
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    model.weights = model.weightsOrShipped();
    RgbImage decoded =
        image == null
            ? noise(hw[1], hw[0])
            : RgbImage.read(image, ReadOptions.DEFAULTS.withLimits(model.limits()));
    DetectOptions options = DetectOptions.DEFAULTS.withSize(hw[0], hw[1]).withRectangular(false);
    double[] network = new double[runs];
    double[] detect = new double[runs];
    CandidateFilter filter =
        new CandidateFilter((float) options.confidenceThreshold(), false, null);
    List<RgbImage> images = Collections.nCopies(batch, decoded);
    @Nullable Double peak;
    try (Detector detector = run.detector(model).batchSize(batch).build();
        InferenceThreads worker = PyTorchEngine.get().inferenceThreads(run.device(), 1)) {
      for (int i = 0; i < WARM_UP; i++) {
        detector.detectAll(images, options);
      }
      // Measured before the network is loaded a second time for the runs of the network alone.
      peak = Statistics.peakMegabytes();
      Model loaded = model.load();
      Batch input = input(decoded, detector.detect(decoded, options), batch);
      try (Execution execution = run.open(loaded)) {
        for (int i = -WARM_UP; i < runs; i++) {
          long start = System.nanoTime();
          worker.run(() -> execution.run(input, filter));
          long middle = System.nanoTime();
          detector.detectAll(images, options);
          long end = System.nanoTime();
          if (i >= 0) {
            network[i] = (middle - start) / 1e6;
            detect[i] = (end - middle) / 1e6;
          }
        }
      }
      figures.put("size", List.of((long) input.height(), (long) input.width()));
    }
    figures.put("network_ms", spread(network));
    figures.put("detect_ms", spread(detect));
    figures.put("images_per_second", batch * 1000 / Statistics.median(detect));
    figures.put("peak_memory_mb", peak);
    figures.put("batch", (long) batch);
    figures.put("runs", (long) runs);
    figures.put("execution", run.mode().name().toLowerCase(Locale.ROOT));
    figures.put("precision", run.precision.name().toLowerCase(Locale.ROOT));
    figures.put("threads", (long) EngineProperties.threads());
    figures.put("processor", Platform.processor());
    print(console.out(), figures);
    if (json.file != null) {
      TextTarget.write(json.file, console, JsonWriter.write(figures));
      console.out().line("written to " + json.file.name());
    }
    return 0;
  }

  private static void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(option + ": expected 1 to " + max + ", found " + value);
    }
  }

  /** {@return the network's input for the image, once per image of a batch} */
  private static Batch input(RgbImage image, Detections detections, int batch) {
    int height = detections.inputHeight();
    int width = detections.inputWidth();
    int imageBytes = Math.multiplyExact(3 * height, width);
    ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(imageBytes, batch));
    LetterboxGeometry geometry =
        LetterboxGeometry.of(image.width(), image.height(), width, height, false, true, 32);
    for (int i = 0; i < batch; i++) {
      Letterbox.apply(image, geometry, pixels, i * imageBytes);
    }
    return new Batch(pixels.clear(), batch, height, width);
  }

  /** {@return smooth colors with some noise, the same in each run} */
  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[Math.multiplyExact(3 * width, height)];
    long state = 1;
    for (int i = 0; i < rgb.length; i++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      rgb[i] = (byte) (128 + 70 * Math.sin(i / 977.0) + (state >>> 59));
    }
    return RgbImage.of(width, height, rgb);
  }

  private static Map<String, Object> spread(double[] times) {
    Map<String, Object> spread = new LinkedHashMap<>();
    spread.put("median", Statistics.median(times));
    spread.put("p10", Statistics.percentile(times, 0.1));
    spread.put("p90", Statistics.percentile(times, 0.9));
    return spread;
  }

  private static void print(LinePrinter out, Map<String, @Nullable Object> figures) {
    figures.forEach((name, value) -> out.format("%-20s %s", name, text(value)));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Map<?, ?> spread) {
      return spread.entrySet().stream()
          .map(e -> e.getKey() + " " + text(e.getValue()))
          .reduce((a, b) -> a + ", " + b)
          .orElse("");
    }
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.2f", number)
        : String.valueOf(value);
  }
}
