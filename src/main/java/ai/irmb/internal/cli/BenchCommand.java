package ai.irmb.internal.cli;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.EngineProperties;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.image.LetterboxGeometry;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.io.IOException;
import java.io.PrintWriter;
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

/** Measures a model on this machine: the network alone, and detection as a whole. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a model on this machine: the network alone, and detect whole (letterbox, network,",
      "boxes; not the decoding of a file). The two take turns; medians and percentiles of all runs."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP = 5;

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final RunOptions run = new RunOptions();

  @Option(
      names = "--size",
      defaultValue = "640",
      paramLabel = "N|HxW",
      description = "What the network sees (${DEFAULT-VALUE}).")
  private String size = "640";

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Images at a time (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--threads",
      description = "The engine's threads; by default as many as processors.")
  private @Nullable Integer threads;

  @Option(names = "--runs", defaultValue = "50", description = "How often (${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path json;

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "An image; by default one with noise, of the network's size.")
  private @Nullable Path image;

  @Override
  public Integer call() throws IOException {
    check("--batch", batch, 1024);
    check("--runs", runs, 1_000_000);
    if (threads != null) {
      check("--threads", threads, 1024);
      EngineProperties.setThreads(threads);
    }
    int[] hw = ModelOptions.size("--size", size);
    Map<String, @Nullable Object> figures = new LinkedHashMap<>();
    model.weights = model.weightsOrShipped();
    RgbImage decoded = image == null ? noise(hw[1], hw[0]) : RgbImage.read(image, model.limits());
    DetectOptions options = DetectOptions.DEFAULTS.withSize(hw[0], hw[1]).withRectangular(false);
    double[] network = new double[runs];
    double[] whole = new double[runs];
    CandidateFilter filter =
        new CandidateFilter((float) options.confidenceThreshold(), false, null);
    List<RgbImage> images = Collections.nCopies(batch, decoded);
    @Nullable Double peak;
    try (Detector detector = run.detector(model).batchSize(batch).build();
        InferenceThreads worker = PyTorchEngine.get().inferenceThreads(run.device, 1)) {
      for (int i = 0; i < WARM_UP; i++) {
        detector.detectAll(images, options);
      }
      // Before the network is loaded a second time, to be measured alone.
      peak = Measures.peakMegabytes();
      Model loaded = model.load();
      Batch input = input(decoded, detector.detect(decoded, options));
      try (Execution execution = run.open(loaded)) {
        for (int i = -WARM_UP; i < runs; i++) {
          long start = System.nanoTime();
          worker.run(() -> execution.run(input, filter));
          long middle = System.nanoTime();
          detector.detectAll(images, options);
          long end = System.nanoTime();
          if (i >= 0) {
            network[i] = (middle - start) / 1e6;
            whole[i] = (end - middle) / 1e6;
          }
        }
      }
      figures.put("size", List.of((long) input.height(), (long) input.width()));
    }
    figures.put("network_ms", spread(network));
    figures.put("detect_ms", spread(whole));
    figures.put("images_per_second", batch * 1000 / Measures.median(whole));
    figures.put("peak_memory_mb", peak);
    figures.put("batch", (long) batch);
    figures.put("runs", (long) runs);
    figures.put("execution", run.execution.name().toLowerCase(Locale.ROOT));
    figures.put("precision", run.precision.name().toLowerCase(Locale.ROOT));
    figures.put("threads", (long) EngineProperties.threads());
    figures.put("processor", Platform.processor());
    print(console.out(), figures);
    if (json != null) {
      TextFile.write(json, JsonWriter.write(figures) + System.lineSeparator());
    }
    return 0;
  }

  private static void check(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(option + ": expected 1 to " + most + ", found " + value);
    }
  }

  /** The image as the detector's network sees it. */
  private Batch input(RgbImage image, Detections seen) {
    int height = seen.inputHeight();
    int width = seen.inputWidth();
    int each = Math.multiplyExact(3 * height, width);
    ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(each, batch));
    LetterboxGeometry geometry =
        LetterboxGeometry.of(image.width(), image.height(), width, height, false, true, 32);
    for (int i = 0; i < batch; i++) {
      Letterbox.apply(image, geometry, pixels, i * each);
    }
    return new Batch(pixels.clear(), batch, height, width);
  }

  /** Smooth colours with some noise, the same every time. */
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
    spread.put("median", Measures.median(times));
    spread.put("p10", Measures.percentile(times, 0.1));
    spread.put("p90", Measures.percentile(times, 0.9));
    return spread;
  }

  private static void print(PrintWriter out, Map<String, @Nullable Object> figures) {
    figures.forEach((name, value) -> out.printf(Locale.ROOT, "%-20s %s%n", name, text(value)));
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
