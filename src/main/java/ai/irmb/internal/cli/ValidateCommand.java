package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.ValidationListener;
import ai.irmb.WriteOptions;
import ai.irmb.format.DetectionWriter;
import ai.irmb.format.TextFormat;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.validate.Report;
import ai.irmb.validate.Report.ClassReport;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
  @Mixin private final SizeOption size = new SizeOption();
  @Mixin private final BatchOption batch = new BatchOption(DEFAULTS.batchSize());
  @Mixin private final JsonOption json = new JsonOption();
  @Mixin private final CocoOption coco = new CocoOption();

  @Mixin
  private final ThresholdOptions thresholds =
      new ThresholdOptions(
          DEFAULTS.confidenceThreshold(), DEFAULTS.iouThreshold(), DEFAULTS.maxDetections());

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
      names = "--strict",
      description =
          "Stop at the first image or label file that cannot be used (default: leave it out).")
  private boolean strict;

  @Option(
      names = "--boxes-only",
      description = "Measure only the boxes of a segmentation model; labels may be boxes.")
  private boolean boxesOnly;

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
      console.err().line(data + ": there is no split val; this is " + name);
    }
    WriteOptions writing = WriteOptions.DEFAULTS.withCocoCategories(isCoco(config));
    try (TextTarget figures = json.file == null ? null : TextTarget.open(json.file, console);
        TextTarget found = coco.file == null ? null : TextTarget.open(coco.file, console);
        Detector detector = run.detector(options).build()) {
      DetectionWriter rows =
          found == null ? null : TextFormat.COCO_RESULTS.create(found.writer(), writing);
      Reporter reporter = new Reporter(console, rows, batch.batch(), !boxesOnly);
      Validation validation = validate(detector, settings, reporter);
      print(console.out(), validation);
      reporter.summarize();
      if (figures != null) {
        figures
            .writer()
            .write(JsonWriter.write(plain(validation, reporter.leftOut)) + System.lineSeparator());
        figures.finish();
      }
      if (rows != null && found != null) {
        rows.finish();
        found.finish();
      }
      if (plots != null) {
        OptionalPlots.write(validation, plots);
      }
      printWritten();
    }
    return 0;
  }

  /** {@return whether a data set is COCO's own, whose category ids have gaps} */
  static boolean isCoco(DatasetConfig config) {
    return config.splits().getOrDefault("val", List.of()).stream()
        .anyMatch(path -> path.endsWith(Path.of("coco", "val2017.txt")));
  }

  private void printWritten() {
    List<String> written = new ArrayList<>();
    for (@Nullable OutputFile file : Arrays.asList(json.file, coco.file)) {
      if (file != null) {
        written.add(file.name());
      }
    }
    if (plots != null) {
      written.add(plots.toString());
    }
    if (!written.isEmpty()) {
      console.out().line("written to " + String.join(", ", written));
    }
  }

  private ValidateOptions settings() {
    int[] hw = size.heightAndWidth(0);
    if (hw[0] != hw[1]) {
      throw new IllegalArgumentException(
          "--size: expected one side, as the longer side of each image is resized to it, found "
              + hw[0]
              + "x"
              + hw[1]);
    }
    try {
      return new ValidateOptions(
          split,
          hw[0],
          batch.batch(),
          thresholds.confidence(),
          thresholds.iou(),
          thresholds.maxDetections(),
          strict,
          boxesOnly);
    } catch (IllegalArgumentException e) {
      throw OptionNames.inMessage(e);
    }
  }

  private Validation validate(Detector detector, ValidateOptions settings, Reporter reporter) {
    try {
      return detector.validate(data, settings, reporter);
    } finally {
      reporter.clear();
    }
  }

  /** Shows the progress, and writes the detections. */
  private static final class Reporter implements ValidationListener {
    private final Console console;
    private final @Nullable DetectionWriter rows;
    private final int batch;
    private final boolean masks;
    private ProgressBar progress;
    private int images;
    private int leftOut;

    Reporter(Console console, @Nullable DetectionWriter rows, int batch, boolean masks) {
      this.console = console;
      this.rows = rows;
      this.batch = batch;
      this.masks = masks;
      this.progress = new ProgressBar(console.progress(), 0);
    }

    @Override
    public void onStart(int count) {
      images = count;
      progress = new ProgressBar(console.progress(), count, batch);
    }

    @Override
    public boolean wantsMasks() {
      return masks && rows != null;
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
      console.err().line("left out: " + reason);
      leftOut++;
    }

    @Override
    public void onWarning(String message) {
      console.err().line("warning: " + message);
    }

    void summarize() {
      if (leftOut > 0) {
        console
            .err()
            .line("left out: " + leftOut + " of " + images + " images; --strict stops instead");
      }
    }

    void clear() {
      progress.clear();
    }
  }

  private static void print(LinePrinter out, Validation validation) {
    Report masks = validation.maskReport();
    print(out, masks == null ? "Class" : "Boxes", validation.report());
    if (masks != null) {
      out.line("");
      print(out, "Masks", masks);
    }
  }

  private static void print(LinePrinter out, String title, Report r) {
    out.format(
        "%-20s %8s %8s %10s %10s %10s %10s",
        title, "Images", "Labels", "P", "R", "mAP50", "mAP50-95");
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
    out.format("P and R at confidence %.3f, where F1 is best", r.confidence());
  }

  private static void line(
      LinePrinter out, String name, int images, int labels, double... figures) {
    out.format(
        "%-20s %8d %8d %10.4f %10.4f %10.4f %10.4f",
        name, images, labels, figures[0], figures[1], figures[2], figures[3]);
  }

  private static Map<String, Object> plain(Validation validation, int leftOut) {
    Report r = validation.report();
    Report masks = validation.maskReport();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", (long) r.images());
    all.put("left_out", (long) leftOut);
    all.put("labels", (long) r.labels());
    put(all, r.precision(), r.recall(), r.map50(), r.map50To95());
    if (masks != null) {
      Map<String, Object> own = new LinkedHashMap<>();
      put(own, masks.precision(), masks.recall(), masks.map50(), masks.map50To95());
      all.put("masks", own);
    }
    Map<String, Object> classes = new LinkedHashMap<>();
    r.classes()
        .forEach(
            (name, c) ->
                classes.put(name, plain(c, masks == null ? null : masks.classes().get(name))));
    all.put("classes", classes);
    return all;
  }

  private static Map<String, Object> plain(ClassReport boxes, @Nullable ClassReport masks) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("labels", (long) boxes.labels());
    put(all, boxes.precision(), boxes.recall(), boxes.map50(), boxes.map50To95());
    if (masks != null) {
      Map<String, Object> own = new LinkedHashMap<>();
      put(own, masks.precision(), masks.recall(), masks.map50(), masks.map50To95());
      all.put("masks", own);
    }
    return all;
  }

  private static void put(Map<String, Object> to, double... figures) {
    to.put("precision", figures[0]);
    to.put("recall", figures[1]);
    to.put("map50", figures[2]);
    to.put("map", figures[3]);
  }
}
