package ai.irmb.bench;

import static java.util.Objects.requireNonNull;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.cli.Statistics;
import ai.onnxruntime.OrtEnvironment;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A JVM of its own: prints a line when it has the first boxes, then the most memory it ever held;
 * or how many images a second it finds for one caller and for two.
 */
final class Child {
  private static final int MORE = 5;
  private static final int SHARE = 10;
  private static final int ROUNDS = 3;

  private Child() {}

  /**
   * Arguments: {@code ours WEIGHTS IMAGE SIZE}, {@code onnx MODEL IMAGE SIZE THREADS}, {@code
   * callers WEIGHTS IMAGE SIZE}, or the first two with {@code mixed-} before.
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    byte[] image = Files.readAllBytes(Path.of(args[2]));
    int size = Integer.parseInt(args[3]);
    switch (args[0]) {
      case "ours" -> {
        try (Detector detector = detector(args[1], size, 1)) {
          first(out, () -> detector.detect(RgbImage.read(image, "image")).size());
        }
      }
      case "onnx" -> {
        int threads = Integer.parseInt(args[4]);
        try (OnnxPipeline pipeline = new OnnxPipeline(Path.of(args[1]), threads, size)) {
          first(out, () -> pipeline.detect(image).count());
        }
      }
      case "mixed-ours" -> {
        try (Detector detector = detector(args[1], size, 1)) {
          out.println("this library");
          answers(
              out,
              bytes -> {
                Detections found = detector.detect(bytes);
                return requireNonNull(found.timings()).inference();
              });
        }
      }
      case "mixed-onnx" -> {
        int threads = Integer.parseInt(args[4]);
        try (OnnxPipeline pipeline = new OnnxPipeline(Path.of(args[1]), threads, size)) {
          out.println("ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion());
          answers(
              out,
              bytes -> {
                pipeline.detect(bytes);
                return pipeline.networkMillis();
              });
        }
      }
      default -> {
        try (Detector detector = detector(args[1], size, 2)) {
          callers(out, () -> detector.detect(RgbImage.read(image, "p")).size());
        }
      }
    }
  }

  private static Detector detector(String weights, int size, int concurrency) {
    return Detector.builder()
        .weights(Path.of(weights))
        .device("cpu")
        .maxConcurrency(concurrency)
        .options(DetectOptions.DEFAULTS.withSize(size, size))
        .build();
  }

  private interface Pipeline {
    /** {@return the milliseconds of the network} */
    double detect(byte[] file) throws Exception;
  }

  /** For each file name that it reads: prints the milliseconds to the boxes and of the network. */
  private static void answers(PrintStream out, Pipeline pipeline) throws Exception {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        byte[] file = Files.readAllBytes(Path.of(line));
        long start = System.nanoTime();
        double network = pipeline.detect(file);
        out.println((System.nanoTime() - start) / 1e6 + " " + network);
      }
    }
  }

  private static void first(PrintStream out, Callable<Integer> detect) throws Exception {
    out.println("boxes " + detect.call());
    for (int i = 0; i < MORE; i++) {
      detect.call();
    }
    Double peak = Statistics.peakMegabytes();
    out.println("megabytes " + (peak == null ? 0 : peak));
  }

  private static void callers(PrintStream out, Callable<Integer> detect) throws Exception {
    for (int i = 0; i < MORE; i++) {
      detect.call();
    }
    double[] seconds = new double[2];
    try (AutoCloseableExecutor two = new AutoCloseableExecutor(Executors.newFixedThreadPool(2))) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int callers = 1; callers <= 2; callers++) {
          Callable<Integer> share =
              () -> {
                for (int i = 0; i < SHARE; i++) {
                  detect.call();
                }
                return SHARE;
              };
          long start = System.nanoTime();
          for (var done :
              two.executor().invokeAll(callers == 1 ? List.of(share) : List.of(share, share))) {
            done.get();
          }
          seconds[callers - 1] += (System.nanoTime() - start) / 1e9 / callers;
        }
      }
    }
    out.println("gain " + seconds[0] / seconds[1]);
  }

  private record AutoCloseableExecutor(ExecutorService executor) implements AutoCloseable {
    @Override
    public void close() {
      executor.shutdown();
    }
  }
}
