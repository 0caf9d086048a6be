package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.ValidationListener;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.validate.Report;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the accuracy of a model on labeled images. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description =
        "Measures precision, recall and mean average precision on a data set in YOLO's format.")
final class ValidateCommand implements Callable<Integer> {
  private static final ValidateOptions DEFAULTS = ValidateOptions.DEFAULTS;

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final ExecutionOptions run = new ExecutionOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "YAML",
      description = "The data set in YOLO's format: path, train, val, test, names.")
  private Path data = Path.of("");

  @Option(
      names = "--split",
      description = "train, val or test (default: val, or test if there is no val).")
  private @Nullable String split;

  @Option(
      names = {"--size", "--imgsz"},
      paramLabel = "N",
      description = "Longer side of the resized images (default: the size of the training).")
  private @Nullable Integer size;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images per forward pass (default: ${DEFAULT-VALUE}).")
  private int batch = DEFAULTS.batchSize();

  @Option(
      names = "--conf-thres",
      paramLabel = "X",
      description = "Minimum confidence, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double confidence = DEFAULTS.confidenceThreshold();

  @Option(
      names = "--iou-thres",
      paramLabel = "X",
      description = "Maximum IoU of two boxes of a class, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double iou = DEFAULTS.iouThreshold();

  @Option(
      names = "--max-det",
      paramLabel = "N",
      description = "Maximum number of detections per image (default: ${DEFAULT-VALUE}).")
  private int maxDetections = DEFAULTS.maxDetections();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--coco",
      paramLabel = "FILE",
      description = "Write the detections in COCO's result format.")
  private @Nullable Path coco;

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description = "Write charts of the curves and the confusion matrix to a folder.")
  private @Nullable Path plots;

  @Override
  public Integer call() throws IOException {
    ValidateOptions settings = settings();
    if (plots != null) {
      OptionalPlots.check();
      Files.createDirectories(plots);
    }
    DatasetConfig config = DatasetConfig.read(data, options.limits());
    String name = split == null ? Dataset.defaultSplit(config) : split;
    config.split(name);
    if (split == null && !name.equals("val")) {
      console.err().println(data + ": there is no split val; this is " + name);
    }
    try (AtomicTextFile figures = json == null ? null : AtomicTextFile.open(json);
        AtomicTextFile found = coco == null ? null : AtomicTextFile.open(coco);
        Detector detector = run.detector(options).build()) {
      CocoResultWriter rows =
          found == null ? null : new CocoResultWriter(found, CocoResultWriter.isCoco(config));
      Validation validation = validate(detector, settings, rows);
      print(console.out(), validation.report());
      if (figures != null) {
        figures.append(JsonWriter.write(plain(validation.report())) + System.lineSeparator());
        figures.finish();
      }
      if (rows != null) {
        rows.finish();
      }
      if (plots != null) {
        OptionalPlots.write(validation, plots);
      }
    }
    return 0;
  }

  private ValidateOptions settings() {
    if (size != null && size < 1) {
      throw new IllegalArgumentException("--size: expected 1 to 65535, found " + size);
    }
    try {
      return new ValidateOptions(
          split, size == null ? 0 : size, batch, confidence, iou, maxDetections);
    } catch (IllegalArgumentException e) {
      throw OptionNames.inMessage(e);
    }
  }

  private Validation validate(
      Detector detector, ValidateOptions settings, @Nullable CocoResultWriter rows) {
    Reporter reporter = new Reporter(console.err(), rows, batch);
    try {
      return detector.validate(data, settings, reporter);
    } finally {
      reporter.clear();
    }
  }

  /** Shows the progress, and writes the detections. */
  private static final class Reporter implements ValidationListener {
    private final PrintWriter err;
    private final @Nullable CocoResultWriter rows;
    private final int batch;
    private ProgressBar progress;

    Reporter(PrintWriter err, @Nullable CocoResultWriter rows, int batch) {
      this.err = err;
      this.rows = rows;
      this.batch = batch;
      this.progress = new ProgressBar(err, 0);
    }

    @Override
    public void onStart(int images) {
      progress = new ProgressBar(err, images, batch);
    }

    @Override
    public void onResult(Path image, Detections detections) {
      progress.step();
      if (rows != null) {
        try {
          rows.add(image, detections);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void onSkipped(Path image, String reason) {
      progress.skip();
      err.println("left out: " + Main.printable(reason));
    }

    void clear() {
      progress.clear();
    }
  }

  private static void print(PrintWriter out, Report r) {
    out.printf(
        Locale.ROOT,
        "%-20s %8s %8s %10s %10s %10s %10s%n",
        "Class",
        "Images",
        "Labels",
        "P",
        "R",
        "mAP50",
        "mAP50-95");
    line(out, "all", r.images(), r.labels(), r.precision(), r.recall(), r.map50(), r.map50To95());
    r.classes()
        .forEach(
            (name, c) ->
                line(
                    out,
                    name,
                    c.images(),
                    c.labels(),
                    c.precision(),
                    c.recall(),
                    c.map50(),
                    c.map50To95()));
    out.printf(Locale.ROOT, "P and R at confidence %.3f, where F1 is best%n", r.confidence());
  }

  private static void line(
      PrintWriter out, String name, int images, int labels, double... figures) {
    out.printf(
        Locale.ROOT,
        "%-20s %8d %8d %10.4f %10.4f %10.4f %10.4f%n",
        name,
        images,
        labels,
        figures[0],
        figures[1],
        figures[2],
        figures[3]);
  }

  private static Map<String, Object> plain(Report r) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", (long) r.images());
    put(all, r.labels(), r.precision(), r.recall(), r.map50(), r.map50To95());
    Map<String, Object> classes = new LinkedHashMap<>();
    r.classes()
        .forEach(
            (name, c) -> {
              Map<String, Object> own = new LinkedHashMap<>();
              put(own, c.labels(), c.precision(), c.recall(), c.map50(), c.map50To95());
              classes.put(name, own);
            });
    all.put("classes", classes);
    return all;
  }

  private static void put(Map<String, Object> to, int labels, double... figures) {
    to.put("labels", (long) labels);
    to.put("precision", figures[0]);
    to.put("recall", figures[1]);
    to.put("map50", figures[2]);
    to.put("map", figures[3]);
  }
}
