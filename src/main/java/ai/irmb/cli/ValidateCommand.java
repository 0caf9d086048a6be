package ai.irmb.cli;

import ai.irmb.error.DataSetException;
import ai.irmb.execution.Execution;
import ai.irmb.execution.InferenceThreads;
import ai.irmb.file.WholeFile;
import ai.irmb.json.JsonWriter;
import ai.irmb.limit.Limits;
import ai.irmb.network.Model;
import ai.irmb.postprocess.Rows;
import ai.irmb.spec.DataSpec;
import ai.irmb.validate.LabelledPicture;
import ai.irmb.validate.Report;
import ai.irmb.validate.Validator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how good a model is on labelled pictures. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Precision, recall and mean average precision on a data set in YOLO's format.")
final class ValidateCommand implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final RunOptions run = new RunOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "YAML",
      description = "The data set: path, train, val, test, names.")
  private Path data = Path.of("");

  @Option(
      names = "--split",
      defaultValue = "val",
      description = "train, val or test (${DEFAULT-VALUE}).")
  private String split = "val";

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "The longer side; by default what the model was trained at.")
  private @Nullable Integer size;

  @Option(
      names = "--batch",
      defaultValue = "8",
      description = "Pictures at a time (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--conf",
      defaultValue = "0.001",
      description = "Least confidence (${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--iou",
      defaultValue = "0.6",
      description = "Greatest overlap (${DEFAULT-VALUE}).")
  private double iou;

  @Option(
      names = "--max-det",
      defaultValue = "300",
      description = "At most so many a picture (${DEFAULT-VALUE}).")
  private int maxDetections;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--coco",
      paramLabel = "FILE",
      description = "Write the detections as COCO's protocol reads them.")
  private @Nullable Path coco;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = console.out();
    PrintWriter err = console.err();
    DataSpec set = DataSpec.read(data, Limits.DEFAULTS);
    List<LabelledPicture> pictures = LabelledPicture.of(set, split);
    options.weights = options.weightsOrShipped();
    Model model = options.load();
    if (model.names().size() != set.names().size()) {
      throw new DataSetException(
          data
              + ": it has "
              + set.names().size()
              + " classes, the model has "
              + model.names().size());
    }
    int side = size != null ? size : model.defaultSize();
    Validator.Settings settings =
        new Validator.Settings(side, batch, confidence, iou, maxDetections);
    List<Object> found = new ArrayList<>();
    Report report;
    try (Execution execution = run.open(model);
        InferenceThreads threads = new InferenceThreads(1)) {
      Progress progress = new Progress(err, pictures.size());
      Validator validator = new Validator(model, execution, Limits.DEFAULTS, settings);
      report =
          validator.run(
              pictures,
              threads,
              new Validator.Listener() {
                @Override
                public void found(Path file, Rows rows) {
                  if (coco != null) {
                    add(found, file, rows);
                  }
                  progress.step();
                }

                @Override
                public void skipped(Path file, String why) {
                  progress.clear();
                  err.println(
                      "left out: " + (why.contains(file.toString()) ? "" : file + ": ") + why);
                }
              });
      progress.clear();
    }
    print(out, report);
    write(json, JsonWriter.write(plain(report)));
    write(coco, JsonWriter.write(found));
    return 0;
  }

  private static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      WholeFile.writeLine(file, text);
    }
  }

  private static void print(PrintWriter out, Report r) {
    out.printf(
        Locale.ROOT,
        "%-20s %8s %10s %10s %10s %10s%n",
        "",
        "labels",
        "precision",
        "recall",
        "mAP50",
        "mAP50-95");
    line(out, "all", r.labels(), r.precision(), r.recall(), r.map50(), r.map());
    r.classes()
        .forEach(
            (name, c) ->
                line(out, name, c.labels(), c.precision(), c.recall(), c.map50(), c.map()));
    out.printf(
        Locale.ROOT, "%d pictures; best F1 at confidence %.3f%n", r.images(), r.confidence());
  }

  private static void line(PrintWriter out, String name, int labels, double... figures) {
    out.printf(
        Locale.ROOT,
        "%-20s %8d %10.4f %10.4f %10.4f %10.4f%n",
        name,
        labels,
        figures[0],
        figures[1],
        figures[2],
        figures[3]);
  }

  private static Map<String, Object> plain(Report r) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("images", (long) r.images());
    put(all, r.labels(), r.precision(), r.recall(), r.map50(), r.map());
    Map<String, Object> classes = new LinkedHashMap<>();
    r.classes()
        .forEach(
            (name, c) -> {
              Map<String, Object> own = new LinkedHashMap<>();
              put(own, c.labels(), c.precision(), c.recall(), c.map50(), c.map());
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

  /** A number where the file's name is one, as upstream names COCO's pictures. */
  private static void add(List<Object> to, Path file, Rows rows) {
    String name = String.valueOf(file.getFileName());
    String stem = name.substring(0, name.lastIndexOf('.'));
    Object id = stem.matches("[0-9]{1,18}") ? (Object) Long.valueOf(stem) : stem;
    for (int i = 0; i < rows.count(); i++) {
      float[] b = rows.boxes();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("image_id", id);
      row.put("category_id", (long) rows.classes()[i]);
      row.put(
          "bbox",
          List.of(
              rounded(b[4 * i], 1e3),
              rounded(b[4 * i + 1], 1e3),
              rounded(b[4 * i + 2] - b[4 * i], 1e3),
              rounded(b[4 * i + 3] - b[4 * i + 1], 1e3)));
      row.put("score", rounded(rows.scores()[i], 1e5));
      to.add(row);
    }
  }

  private static Double rounded(float value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
