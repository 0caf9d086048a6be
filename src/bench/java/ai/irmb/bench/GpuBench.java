package ai.irmb.bench;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.cli.Statistics;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.ops.torchscript.StageTimes;
import ai.irmb.internal.ops.torchscript.StageTimes.Stage;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.validate.ValidateOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints the tables of {@code docs/cuda.md}, beside PyTorch in Python if a script for it is given.
 * The most important lines come first, each when it is known; after the given minutes the rest is
 * left out.
 *
 * <p>A time is the median of calls that begin with bytes in host memory and end with candidates in
 * host memory, so that a GPU has nothing left to do. Calls before the measured ones load kernels,
 * choose algorithms and fill the allocator.
 *
 * <p>Settings are system properties: {@code bench.device}, {@code bench.runs}, {@code
 * bench.minutes}, {@code bench.peers} (a folder of {@code NAME.safetensors}, gzipped or not),
 * {@code bench.python} and {@code bench.peer} (the script), {@code bench.json} (a file), {@code
 * irmb.shared} (the reference data).
 */
public final class GpuBench {
  private static final int SIZE = 640;
  private static final int WARM_UP = 8;
  private static final double CONFIDENCE = 0.25;
  private static final List<String> NETWORKS =
      List.of("yolov5s", "yolov5s_iRMB", "yolov5s_iRMB-bottleneck");
  private static final List<String> SHIPPED =
      List.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck");

  private final PrintStream out = System.out;
  private final String device = System.getProperty("bench.device", "cuda");
  private final boolean isGpu = device.startsWith("cuda");
  private final int runs = Integer.getInteger("bench.runs", isGpu ? 40 : 3);
  private final int[] batches = isGpu ? new int[] {32, 1, 8} : new int[] {1};
  private final long end =
      System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("bench.minutes", 8));
  private final Path scratch = Files.createTempDirectory("irmb-bench");
  private final Path shared = Path.of(System.getProperty("irmb.shared", ""));
  private final RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
  private final Map<String, Model> networks = new LinkedHashMap<>();
  private final List<Map<String, @Nullable Object>> results = new ArrayList<>();

  private GpuBench() throws IOException {}

  /** Arguments: none, or the part that a process of its own runs. */
  public static void main(String[] args) throws Exception {
    GpuBench bench = new GpuBench();
    switch (args.length == 0 ? "" : args[0]) {
      case "agreement" -> bench.printAgreement();
      case "memory" -> bench.useMemory();
      default -> bench.print();
    }
    System.exit(0);
  }

  private void print() throws Exception {
    if (isGpu && !PyTorchEngine.get().device(null).isGpu()) {
      out.println("GPU tables: no CUDA device, nothing measured");
      return;
    }
    loadNetworks();
    out.printf(
        "%s, %s, Java %s, device %s, %d runs%n",
        Platform.processor(),
        PyTorchEngine.get().describe(),
        System.getProperty("java.version"),
        device,
        runs);
    PyTorchPeer peer =
        new PyTorchPeer(
            System.getProperty("bench.python", "python3"),
            System.getProperty("bench.peer", ""),
            device,
            runs);
    Map<String, Double> eager = peer.measure(false, end, out::println);
    speed("Ours beside PyTorch, eager", "eager", eager);
    stages();
    precision();
    agreement();
    memory(peer);
    if (isGpu) {
      Map<String, Double> compiled = peer.measure(true, end, out::println);
      title("Ours beside PyTorch, torch.compile", "ours ms | PyTorch ms | ours ÷ PyTorch");
      compiled.forEach(this::compiledRatio);
    }
  }

  private void loadNetworks() throws IOException {
    String folder = System.getProperty("bench.peers", "");
    for (String name : NETWORKS) {
      if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) {
        networks.put(
            name, Ours.model(Peer.unpacked(Path.of(folder), name + ".safetensors", scratch)));
      }
    }
    if (networks.isEmpty()) {
      SHIPPED.forEach(name -> networks.put(name, Ours.model(Path.of("models", name + ".pt"))));
    }
  }

  private List<Precision> precisions() {
    if (isGpu) {
      return List.of(Precision.FP16, Precision.FP32);
    }
    return Platform.hasBf16() ? List.of(Precision.FP32, Precision.BF16) : List.of(Precision.FP32);
  }

  /** {@return PyTorch's name of the type} */
  private static String type(Precision precision) {
    return switch (precision) {
      case FP16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }

  private static DType dtype(Precision precision) {
    return switch (precision) {
      case FP16 -> DType.F16;
      case BF16 -> DType.BF16;
      default -> DType.F32;
    };
  }

  private boolean isOver() {
    return System.nanoTime() > end;
  }

  private void title(String what, String columns) {
    out.printf("%n%s%n%n| network | type | batch | %s |%n", what, columns);
    out.println("|---|---|---" + "|---".repeat(columns.split("\\|", -1).length) + "|");
  }

  /** Prints a line and notes it; NaN is printed as "not measured". */
  private void line(String table, String network, String type, int batch, Map<String, Double> ms)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(network).append(" | ").append(type).append(" | ").append(batch);
    Map<String, @Nullable Object> noted = new LinkedHashMap<>();
    noted.put("table", table);
    noted.put("network", network);
    noted.put("type", type);
    noted.put("batch", batch);
    ms.forEach(
        (name, value) -> {
          boolean isKnown = !Double.isNaN(value);
          text.append(" | ")
              .append(isKnown ? String.format(Locale.ROOT, "%.3f", value) : "not measured");
          noted.put(name, isKnown ? value : null);
        });
    out.println(text.append(" |"));
    results.add(noted);
    String file = System.getProperty("bench.json", "");
    if (!file.isEmpty()) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("device", device);
      all.put("runs", runs);
      all.put("results", results);
      Files.writeString(Path.of(file), JsonWriter.write(all) + System.lineSeparator());
    }
  }

  private void speed(String what, String peerMode, Map<String, Double> peer) throws Exception {
    title(what, "ours ms | p10 | p90 | ours, eager, ms | PyTorch ms | ours ÷ PyTorch");
    for (int batch : batches) {
      for (Map.Entry<String, Model> network : networks.entrySet()) {
        for (Precision precision : precisions()) {
          double[] ours = timesOf(network.getValue(), ExecutionMode.COMPILED, precision, batch);
          // The eager execution has no bfloat16.
          double eager =
              precision == Precision.BF16
                  ? Double.NaN
                  : median(timesOf(network.getValue(), ExecutionMode.EAGER, precision, batch));
          double theirs =
              peer.getOrDefault(
                  PyTorchPeer.key(network.getKey(), type(precision), batch, peerMode), Double.NaN);
          Map<String, Double> row = new LinkedHashMap<>();
          row.put("ours", median(ours));
          row.put("p10", ours.length == 0 ? Double.NaN : Statistics.percentile(ours, 0.1));
          row.put("p90", ours.length == 0 ? Double.NaN : Statistics.percentile(ours, 0.9));
          row.put("ours_eager", eager);
          row.put("pytorch", theirs);
          row.put("ratio", median(ours) / theirs);
          line("speed", network.getKey(), type(precision), batch, row);
        }
      }
    }
  }

  private static double median(double[] times) {
    return times.length == 0 ? Double.NaN : Statistics.median(times);
  }

  /** {@return the milliseconds of each call; none if the time is over} */
  private double[] timesOf(Model model, ExecutionMode mode, Precision precision, int batch)
      throws Exception {
    if (isOver()) {
      return new double[0];
    }
    Input input = Input.of(image, batch, SIZE, SIZE);
    try (Ours ours = new Ours(model, device, mode, precision, input)) {
      double[] times = new double[runs];
      for (int i = -Math.min(WARM_UP, 2 * runs); i < runs; i++) {
        long start = System.nanoTime();
        ours.run();
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      return times;
    }
  }

  private void compiledRatio(String key, double theirs) {
    String[] parts = key.split(" ", -1);
    if (!parts[3].equals("compile")) {
      return;
    }
    for (Map<String, @Nullable Object> known : results) {
      if (parts[0].equals(known.get("network"))
          && parts[1].equals(known.get("type"))
          && parts[2].equals(String.valueOf(known.get("batch")))
          && "speed".equals(known.get("table"))
          && known.get("ours") instanceof Double ours) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("ours", ours);
        row.put("pytorch_compile", theirs);
        row.put("ratio", ours / theirs);
        write("compile", parts, row);
        return;
      }
    }
  }

  private void write(String table, String[] key, Map<String, Double> row) {
    try {
      line(table, key[0], key[1], Integer.parseInt(key[2]), row);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void stages() throws Exception {
    title("Where the time goes, ms", "upload | network | selection | download | Java | together");
    for (Map.Entry<String, Model> network : networks.entrySet()) {
      for (Precision precision : precisions()) {
        for (int batch : isGpu ? new int[] {32, 1} : batches) {
          if (!isOver()) {
            stages(network.getKey(), network.getValue(), precision, batch);
          }
        }
      }
    }
  }

  /** Prefixes of a pass take turns with complete passes, so that all see the same clock rates. */
  private void stages(String name, Model model, Precision precision, int batch) throws Exception {
    Input input = Input.of(image, batch, SIZE, SIZE);
    HostTensor pixels = new HostTensor(DType.U8, Shape.of(batch, SIZE, SIZE, 3), input.direct());
    Stage[] stages = Stage.values();
    double[][] times = new double[stages.length + 1][runs];
    try (InferenceThreads thread = PyTorchEngine.get().inferenceThreads(device, 1);
        StageTimes pass =
            new StageTimes(
                model,
                target(precision),
                PyTorchEngine.get().newManager(device),
                Shape.of(batch, 3, SIZE, SIZE),
                CONFIDENCE);
        Ours ours = new Ours(model, device, ExecutionMode.COMPILED, precision, input)) {
      for (int i = -Math.min(WARM_UP, 2 * runs); i < runs; i++) {
        for (int k = 0; k <= stages.length; k++) {
          Stage stage = k < stages.length ? stages[k] : null;
          long start = System.nanoTime();
          if (stage == null) {
            ours.run();
          } else {
            thread.run(
                () -> {
                  pass.run(stage, pixels);
                  return stage;
                });
          }
          if (i >= 0) {
            times[k][i] = (System.nanoTime() - start) / 1e6;
          }
        }
      }
    }
    Map<String, Double> row = new LinkedHashMap<>();
    double before = 0;
    for (int k = 0; k <= stages.length; k++) {
      double prefix = Statistics.median(times[k]);
      row.put(
          k < stages.length ? stages[k].name().toLowerCase(Locale.ROOT) : "java", prefix - before);
      before = prefix;
    }
    row.put("together", before);
    line("stages", name, type(precision), batch, row);
  }

  private ScriptTarget target(Precision precision) {
    if (isGpu) {
      return ScriptTarget.cuda(PyTorchEngine.get().device(device).getDeviceId(), dtype(precision));
    }
    return ScriptTarget.cpu().with(dtype(precision));
  }

  private void precision() throws IOException {
    Path data = shared.resolve("data/bccd/data.yaml");
    if (!Files.exists(data)) {
      return;
    }
    title("mAP50 on the test split", "mAP50 | minus fp32");
    for (String name : SHIPPED) {
      double full = Double.NaN;
      for (Precision precision : isGpu ? Precision.values() : new Precision[] {Precision.FP32}) {
        if (precision == Precision.AUTO || isOver()) {
          continue;
        }
        try (Detector detector =
            Detector.builder()
                .weights(Path.of("models", name + ".pt"))
                .device(device)
                .precision(precision)
                .build()) {
          double map =
              detector
                  .validate(data, ValidateOptions.DEFAULTS.withSplit("test").withSize(320))
                  .report()
                  .map50();
          full = precision == Precision.FP32 ? map : full;
          Map<String, Double> row = new LinkedHashMap<>();
          row.put("map50", map);
          row.put("minus_fp32", map - full);
          line("map50", name, type(precision), 8, row);
        }
      }
    }
  }

  private void agreement() throws Exception {
    title("Agreement: largest difference ÷ largest value", "difference");
    for (String name : networks.keySet()) {
      Model model = networks.get(name);
      for (Precision precision : precisions()) {
        if (precision != Precision.FP32 && model != null && !isOver()) {
          line(
              "agreement, raw outputs against fp32",
              name,
              type(precision),
              1,
              Map.of("difference", difference(model, precision)));
        }
      }
    }
    // NVIDIA's libraries read the variable when they load.
    for (String override : isGpu ? List.of("0", "") : List.of("0")) {
      String answer = isOver() ? "" : child("agreement", Map.of("NVIDIA_TF32_OVERRIDE", override));
      if (!answer.isEmpty()) {
        line(
            "agreement, references",
            "references",
            override.isEmpty() ? "float32 with TF32" : "float32",
            1,
            Map.of("difference", Double.valueOf(answer)));
      }
    }
  }

  /** {@return how far a precision is from float32 on the device, in any raw output} */
  private double difference(Model model, Precision precision) throws Exception {
    HostTensor pixels =
        new HostTensor(
            DType.U8, Shape.of(1, SIZE, SIZE, 3), Input.of(image, 1, SIZE, SIZE).direct());
    List<List<float[]>> outputs = new ArrayList<>();
    try (InferenceThreads thread = PyTorchEngine.get().inferenceThreads(device, 1)) {
      for (Precision each : List.of(Precision.FP32, precision)) {
        try (StageTimes pass =
            new StageTimes(
                model,
                target(each),
                PyTorchEngine.get().newManager(device),
                Shape.of(1, 3, SIZE, SIZE),
                CONFIDENCE)) {
          outputs.add(thread.run(() -> pass.outputs(pixels)));
        }
      }
    }
    double worst = 0;
    for (int i = 0; i < outputs.get(0).size(); i++) {
      worst = Math.max(worst, difference(outputs.get(0).get(i), outputs.get(1).get(i)));
    }
    return worst;
  }

  private static double difference(float[] expected, float[] actual) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double off = Math.abs((double) expected[i] - actual[i]);
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst / largest;
  }

  /** Prints the largest difference from any output of a reference network. */
  private void printAgreement() throws IOException {
    Path folder = shared.resolve("reference/models");
    double[] worst = {0};
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".npz")).sorted().toList();
    }
    for (Path file : files) {
      Model model = Ours.model(Path.of(file.toString().replaceAll("npz$", "pt")));
      Map<String, HostTensor> arrays = NpzFile.read(file, Limits.DEFAULTS).arrays();
      HostTensor x = arrays.get("x");
      if (x != null) {
        LayerTrace.runCompiled(
            model,
            device,
            x.shape(),
            x.toFloats(),
            (name, shape, values) -> {
              HostTensor expected = arrays.get(name);
              if (expected != null) {
                worst[0] = Math.max(worst[0], difference(expected.toFloats(), values));
              }
            });
      }
    }
    out.println("result " + worst[0]);
  }

  private void memory(PyTorchPeer peer) throws Exception {
    if (!isGpu) {
      return;
    }
    title("GPU memory, MB", "before | peak | left after close");
    long before = used();
    Map<String, Double> row = new LinkedHashMap<>();
    try (Detector first = detector()) {
      first.warmUp();
    }
    long once = used();
    try (Detector second = detector()) {
      second.warmUp();
    }
    row.put("before", before / 1e6);
    row.put("peak", Double.NaN);
    row.put("left", (used() - before) / 1e6);
    line("memory, with what CUDA keeps for the process", SHIPPED.get(0), "float32", 1, row);
    row.put("before", once / 1e6);
    row.put("left", (used() - once) / 1e6);
    line("memory, second detector", SHIPPED.get(0), "float32", 1, row);
    double ours = peak(() -> child("memory", Map.of()));
    double theirs = peak(() -> String.valueOf(peer.measure(false, end, text -> {}).size()));
    out.printf(Locale.ROOT, "%n| process | peak MB |%n|---|---|%n");
    out.printf(Locale.ROOT, "| ours | %.0f |%n| PyTorch | %.0f |%n", ours, theirs);
    Map<String, Double> ratio = new LinkedHashMap<>();
    ratio.put("ours", ours);
    ratio.put("pytorch", theirs);
    ratio.put("ratio", ours / theirs);
    line("peak memory of a process, ours and PyTorch eager", "all", "all", 32, ratio);
  }

  private Detector detector() {
    return Detector.builder()
        .weights(Path.of("models", SHIPPED.get(0) + ".pt"))
        .device(device)
        .build();
  }

  private long used() {
    return CudaUtils.getGpuMemory(Device.gpu(PyTorchEngine.get().device(device).getDeviceId()))
        .getUsed();
  }

  /** Work that runs in a process of its own. */
  private interface Work {
    String run() throws Exception;
  }

  /** {@return the most that the GPU's memory grew by during some work, in MB; by any process} */
  private double peak(Work work) throws Exception {
    long before = used();
    AtomicLong most = new AtomicLong();
    Thread watch =
        new Thread(
            () -> {
              try {
                while (true) {
                  most.accumulateAndGet(used(), Math::max);
                  Thread.sleep(20);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "bench-memory");
    watch.setDaemon(true);
    watch.start();
    work.run();
    watch.interrupt();
    watch.join();
    return (most.get() - before) / 1e6;
  }

  /** Runs what the peer runs, a few times each. */
  private void useMemory() throws Exception {
    loadNetworks();
    for (Model model : networks.values()) {
      for (Precision precision : precisions()) {
        for (int batch : new int[] {1, 8, 32}) {
          try (Ours ours =
              new Ours(
                  model,
                  device,
                  ExecutionMode.COMPILED,
                  precision,
                  Input.of(image, batch, SIZE, SIZE))) {
            ours.run();
            ours.run();
          }
        }
      }
    }
    out.println("result 0");
  }

  /** {@return what a process of its own printed as its result, or nothing if it failed} */
  private static String child(String part, Map<String, String> environment) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    System.getProperties().stringPropertyNames().stream()
        .filter(property -> property.startsWith("bench.") || property.startsWith("irmb."))
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(GpuBench.class.getName(), part));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.start();
    String result = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        result = line.startsWith("result ") ? line.substring("result ".length()) : result;
      }
    }
    return process.waitFor() == 0 ? result : "";
  }
}
