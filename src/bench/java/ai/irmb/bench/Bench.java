package ai.irmb.bench;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.network.OnnxExport;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.postprocess.ScoredBoxes;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Prints the tables of {@code docs/performance.md}: this library and ONNX Runtime for Java, in turn
 * in one run, on the same networks, images and threads; engines that Python has take part where
 * they are.
 *
 * <p>Settings are system properties: {@code bench.peers} (a folder of {@code NAME.onnx} with {@code
 * NAME.safetensors}, gzipped or not), {@code bench.runs}, {@code bench.threads}, {@code
 * bench.tables}, {@code bench.python} and {@code bench.engines} (a script that runs one).
 */
public final class Bench {
  private static final int SIZE = 640;
  private static final double SMALLEST_SHARE = 0.005;
  private static final String MODELS = "models";
  private static final List<String> SHIPPED =
      List.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck");

  private final PrintStream out = System.out;
  private final int runs = Integer.getInteger("bench.runs", 20);
  private final int threads = threads();
  private final Set<String> tables =
      Set.of(
          System.getProperty("bench.tables", "network,mixed,operators,whole,start,callers")
              .split(","));
  private final PythonPeers python =
      new PythonPeers(
          System.getProperty("bench.python", "python3"),
          Path.of(System.getProperty("bench.engines", "")),
          threads);
  private final Path scratch = Files.createDirectories(Path.of("target/bench"));
  private final RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
  private final List<Peer> peers = new ArrayList<>();
  private final List<Peer> shipped = new ArrayList<>();

  private Bench() throws Exception {}

  private static int threads() {
    int asked = Integer.getInteger("bench.threads", 0);
    return asked > 0 ? asked : Runtime.getRuntime().availableProcessors();
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads()));
    new Bench().print();
    System.exit(0);
  }

  private void print() throws Exception {
    String folder = System.getProperty("bench.peers", "");
    if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) {
      peers.addAll(Peer.of(Path.of(folder), scratch));
    }
    for (String name : SHIPPED) {
      Path weights = Path.of(MODELS, name + ".pt");
      Path onnx = scratch.resolve(name + ".onnx");
      OnnxExport.write(Ours.model(weights), OnnxExport.DEFAULT_OPSET, false, onnx);
      shipped.add(new Peer(name, weights, onnx));
    }
    out.printf(
        "%s, Java %s, %d threads, %d rounds%n",
        Platform.processor(), System.getProperty("java.version"), threads, runs);
    if (tables.contains("network")) {
      network();
    }
    if (tables.contains("mixed")) {
      mixed();
    }
    if (tables.contains("operators")) {
      operators();
    }
    if (tables.contains("whole")) {
      whole();
    }
    if (tables.contains("start")) {
      start();
    }
    if (tables.contains("callers")) {
      callers();
    }
  }

  private void title(String what) {
    out.printf("%n%s%n%n| what | who | median ms | p10 – p90 | ÷ ONNX Runtime |%n", what);
    out.println("|---|---|---|---|---|");
  }

  private void network() throws Exception {
    title("The network alone, 640 × 640");
    List<Peer> all = new ArrayList<>(peers);
    all.addAll(shipped);
    for (Peer peer : all) {
      for (int count : new int[] {1, 8}) {
        network(
            peer, Input.of(image, count, SIZE, SIZE), count == 1 ? runs : Math.max(5, runs / 4));
      }
    }
  }

  private void network(Peer peer, Input input, int rounds) throws Exception {
    List<Contestant> contestants = new ArrayList<>();
    try {
      OnnxRuntime rival = new OnnxRuntime(peer.onnx(), threads, input);
      contestants.add(rival);
      Ours compiled = new Ours(peer.weights(), ExecutionMode.COMPILED, Precision.FP32, input);
      contestants.add(compiled);
      check(peer, compiled, rival);
      contestants.addAll(
          python.start(
              List.of("openvino", "torch-compile"),
              peer.onnx(),
              List.of("--batch", String.valueOf(input.count())),
              out));
      if (Platform.hasBf16()) {
        contestants.add(new Ours(peer.weights(), ExecutionMode.COMPILED, Precision.BF16, input));
      }
      if (input.count() == 1) {
        contestants.add(new Ours(peer.weights(), ExecutionMode.EAGER, Precision.FP32, input));
      }
      String what = peer.name() + ", batch " + input.count();
      Rounds.of(contestants, rounds).lines(what, 0).forEach(out::println);
    } finally {
      for (Contestant contestant : contestants) {
        contestant.close();
      }
    }
  }

  private void mixed() throws Exception {
    MixedSizes images = new MixedSizes(image, scratch.resolve("mixed"), SIZE);
    out.printf("%n240 JPEGs of 200 sizes, %d network shapes, in ms%n%n", images.shapes());
    out.println(MixedSizes.HEADER);
    List<String> ratios = new ArrayList<>();
    List<Peer> all = new ArrayList<>(peers.subList(0, Math.min(2, peers.size())));
    all.addAll(shipped);
    for (Peer peer : all) {
      List<LineProcess> pipelines = new ArrayList<>();
      List<LineProcess> networks = new ArrayList<>();
      try {
        pipelines.add(lines("mixed-onnx", peer.onnx(), String.valueOf(threads)));
        pipelines.add(lines("mixed-ours", peer.weights()));
        networks.addAll(python.start(List.of("openvino-dynamic"), peer.onnx(), List.of(), out));
        List<MixedSizes.Times> times = images.run(pipelines, networks);
        MixedSizes.Times ours = times.get(1);
        for (MixedSizes.Times each : times) {
          if (each.boxes().length > 0) {
            out.println(images.line(peer.name() + ", bytes to boxes", each, each.boxes()));
          }
          out.println(images.line(peer.name() + ", network alone", each, each.network()));
          if (each != ours) {
            if (each.boxes().length > 0) {
              ratios.add(peer.name() + ", boxes " + MixedSizes.ratios(ours, each, false));
            }
            ratios.add(peer.name() + ", network " + MixedSizes.ratios(ours, each, true));
          }
        }
      } finally {
        pipelines.forEach(LineProcess::close);
        networks.forEach(LineProcess::close);
      }
    }
    out.println();
    ratios.forEach(line -> out.println("* " + line));
  }

  private LineProcess lines(String mode, Path model, String... more) throws IOException {
    return new LineProcess(command(List.of(), threads, mode, model, more));
  }

  private void operators() throws Exception {
    out.printf("%nWhere a pass spends its time, batch 1, 640 × 640, by operator%n%n");
    out.println("| what | operator | calls | ms | share |");
    out.println("|---|---|---|---|---|");
    List<Peer> all = new ArrayList<>(peers);
    all.addAll(shipped);
    for (Peer peer : all) {
      Input input = Input.of(image, 1, SIZE, SIZE);
      try (Ours ours = new Ours(peer.weights(), ExecutionMode.COMPILED, Precision.FP32, input)) {
        List<Operators.Share> shares = ours.operators(scratch, runs);
        double sum = shares.stream().mapToDouble(Operators.Share::millis).sum();
        for (Operators.Share share : shares) {
          if (share.millis() >= SMALLEST_SHARE * sum) {
            out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.1f | %.1f %% |%n",
                peer.name(),
                share.name(),
                share.calls(),
                share.millis(),
                100 * share.millis() / sum);
          }
        }
        out.printf(Locale.ROOT, "| %s | all | | %.1f | |%n", peer.name(), sum);
      }
    }
  }

  /** Two programs that disagree are not to be compared. */
  private static void check(Peer peer, Ours ours, OnnxRuntime rival) throws Exception {
    FloatBuffer theirs = rival.output();
    ScoredBoxes rows = ours.rows();
    int columns = ours.columns();
    int limit = theirs.limit() / columns;
    float worst = 0;
    for (int i = 0; i < rows.count(); i++) {
      int at = rows.sources()[i] % limit * columns;
      worst =
          Math.max(
              worst,
              Math.abs(
                  rows.scores()[i] - theirs.get(at + 4) * theirs.get(at + 5 + rows.classes()[i])));
    }
    if (rows.count() == 0 || worst > 1e-3) {
      throw new IllegalStateException(
          peer.name() + ": " + rows.count() + " rows, the scores differ by up to " + worst);
    }
  }

  private void whole() throws Exception {
    title("A JPEG's bytes to boxes, and where the time goes");
    Path large = scratch.resolve("1080x810.jpg");
    BufferedImage grown = new BufferedImage(1080, 810, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = grown.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(image.toBufferedImage(), 0, 0, 1080, 810, null);
    g.dispose();
    RgbImage.of(grown).write(large);
    List<Peer> all = new ArrayList<>(peers);
    all.addAll(shipped);
    for (Peer peer : all) {
      whole(peer, Files.readAllBytes(large));
    }
  }

  private void whole(Peer peer, byte[] file) throws Exception {
    try (OnnxPipeline pipeline = new OnnxPipeline(peer.onnx(), threads, SIZE);
        Detector detector =
            Detector.builder()
                .weights(peer.weights())
                .device("cpu")
                .options(DetectOptions.DEFAULTS.withSize(SIZE, SIZE))
                .build()) {
      RgbImage decoded = RgbImage.read(file, "image");
      int width = detector.detect(decoded).inputWidth();
      int height = detector.detect(decoded).inputHeight();
      Ours network =
          new Ours(
              peer.weights(),
              ExecutionMode.COMPILED,
              Precision.FP32,
              Input.of(decoded, 1, height, width));
      List<Contestant> contestants =
          List.of(
              new Work("by hand with ONNX Runtime", () -> pipeline.detect(file)),
              new Work("this library", () -> detector.detect(RgbImage.read(file, "image"))),
              new Work("… of that, decoding", () -> RgbImage.read(file, "image")),
              new Work("… the network", network::run),
              new Work("… detect without decoding", () -> detector.detect(decoded)));
      Rounds rounds = Rounds.of(contestants, runs);
      rounds.lines(peer.name() + ", " + width + " × " + height, 0).forEach(out::println);
      out.printf(
          Locale.ROOT,
          "| %s | letterbox and boxes ÷ network | %.1f %% | | |%n",
          peer.name(),
          100 * (rounds.ratio(4, 3) - 1));
      network.close();
    }
  }

  /** A piece of work that owns nothing. */
  private record Work(String name, Task task) implements Contestant {
    interface Task {
      void run() throws Exception;
    }

    @Override
    public void run() throws Exception {
      task.run();
    }

    @Override
    public void close() {}
  }

  /** For what takes long: the shipped networks and the smallest of the others. */
  private List<Peer> few() {
    List<Peer> few = new ArrayList<>(shipped);
    peers.stream().findFirst().ifPresent(few::add);
    return few;
  }

  private void start() throws Exception {
    out.printf(
        "%nFrom the start of a JVM to the first boxes, and the most memory it ever held%n%n");
    out.println("| what | who | median ms | p10 – p90 | ÷ ONNX Runtime | peak MB |");
    out.println("|---|---|---|---|---|---|");
    String quick = "-XX:TieredStopAtLevel=1";
    List<String> names =
        List.of(
            "by hand with ONNX Runtime",
            "this library",
            "by hand with ONNX Runtime, " + quick,
            "this library, " + quick);
    for (Peer peer : few()) {
      int rounds = Math.max(3, runs / 4);
      double[][] millis = new double[names.size()][rounds];
      double[] peaks = new double[names.size()];
      for (int i = -1; i < rounds; i++) {
        for (int k = 0; k < names.size(); k++) {
          List<String> flags = k < 2 ? List.of() : List.of(quick);
          Measured m =
              k % 2 == 0
                  ? child(flags, "onnx", peer.onnx(), String.valueOf(threads))
                  : child(flags, "ours", peer.weights());
          peaks[k] = Math.max(peaks[k], m.megabytes());
          if (i >= 0) {
            millis[k][i] = m.millis();
          }
        }
      }
      List<String> lines = Rounds.of(names, millis).lines(peer.name(), 0);
      for (int k = 0; k < names.size(); k++) {
        out.printf(Locale.ROOT, "%s %.0f |%n", lines.get(k), peaks[k]);
      }
    }
  }

  private record Measured(double millis, double megabytes) {}

  private Measured child(List<String> flags, String mode, Path model, String... more)
      throws Exception {
    long start = System.nanoTime();
    Process process = process(flags, threads, mode, model, more);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String first = String.valueOf(lines.readLine());
      double millis = (System.nanoTime() - start) / 1e6;
      String second = String.valueOf(lines.readLine());
      if (process.waitFor() != 0 || !first.matches("boxes [0-9]+")) {
        throw new IllegalStateException("a run of its own failed: " + first);
      }
      return new Measured(millis, Double.parseDouble(second.replace("megabytes ", "")));
    }
  }

  private Process process(
      List<String> flags, int engineThreads, String mode, Path model, String... more)
      throws IOException {
    return new ProcessBuilder(command(flags, engineThreads, mode, model, more))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static List<String> command(
      List<String> flags, int engineThreads, String mode, Path model, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dai.djl.pytorch.num_threads=" + engineThreads,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                mode,
                model.toString(),
                "models/sample/blood-cells.jpg",
                String.valueOf(SIZE)));
    command.addAll(1, flags);
    command.addAll(List.of(more));
    return command;
  }

  private void callers() throws Exception {
    out.printf("%nTwo callers of one detector, an engine thread each, ÷ one caller%n%n");
    out.println("| what | throughput |");
    out.println("|---|---|");
    for (Peer peer : few()) {
      Process process = process(List.of(), 1, "callers", peer.weights());
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = String.valueOf(lines.readLine());
        out.printf(
            Locale.ROOT,
            "| %s | %.2f × |%n",
            peer.name(),
            Double.parseDouble(line.replace("gain ", "")));
      }
    }
  }
}
