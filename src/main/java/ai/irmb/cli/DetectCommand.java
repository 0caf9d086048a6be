package ai.irmb.cli;

import ai.irmb.DetectOptions;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.draw.Annotator;
import ai.irmb.error.IrmbException;
import ai.irmb.file.WholeFile;
import ai.irmb.image.PictureFiles;
import ai.irmb.image.PictureWriter;
import ai.irmb.image.RgbImage;
import ai.irmb.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds objects in pictures; prints them, writes them as JSON, draws them. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = "Finds objects in pictures. Without --weights: the blood-cell model in models/.")
final class DetectCommand implements Callable<Integer> {
  private static final int MANY = 5;

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final RunOptions run = new RunOptions();

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      description = "What the network sees at most; by default what the model was trained at.")
  private @Nullable String size;

  @Option(names = "--no-auto", description = "Pad to the whole size instead of the next stride.")
  private boolean noAuto;

  @Option(
      names = "--conf",
      defaultValue = "0.25",
      description = "Least confidence (${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--iou",
      defaultValue = "0.45",
      description = "Greatest overlap (${DEFAULT-VALUE}).")
  private double iou;

  @Option(names = "--classes", split = ",", description = "Only these class numbers.")
  private @Nullable List<Integer> classes;

  @Option(names = "--agnostic", description = "Boxes of different classes compete as well.")
  private boolean agnostic;

  @Option(names = "--multi-label", description = "A box may be several classes.")
  private boolean multiLabel;

  @Option(
      names = "--max-det",
      defaultValue = "300",
      description = "At most so many a picture (${DEFAULT-VALUE}).")
  private int maxDetections;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the detections as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Write the pictures with their boxes.")
  private @Nullable Path save;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE|DIR",
      description = "Pictures, or folders of them.")
  private List<Path> inputs = List.of();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = console.out();
    PrintWriter err = console.err();
    List<Path> files = files();
    List<Object> results = new ArrayList<>();
    boolean failed = false;
    try (Detector detector = detector()) {
      Progress progress = new Progress(err, files.size() >= MANY ? files.size() : 0);
      for (Path file : files) {
        try {
          RgbImage picture = RgbImage.read(file);
          Detections found = detector.detect(picture);
          results.add(row(file, found));
          print(out, file, found);
          draw(file, picture, found);
        } catch (IrmbException | IOException e) {
          failed = true;
          progress.clear();
          String sentence = Main.sentence(e);
          err.println(
              sentence.contains(String.valueOf(file.getFileName()))
                  ? sentence
                  : file + ": " + sentence);
        }
        progress.step();
      }
      progress.clear();
    }
    if (json != null) {
      WholeFile.writeLine(json, JsonWriter.write(results));
    }
    return failed ? Main.FAILURE : 0;
  }

  private Detector detector() {
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withAuto(!noAuto)
            .withConfidence(confidence)
            .withIou(iou)
            .withClasses(classes == null ? null : new TreeSet<>(classes))
            .withAgnostic(agnostic)
            .withMultiLabel(multiLabel)
            .withMaxDetections(maxDetections);
    if (size != null) {
      int[] hw = ModelOptions.size(size);
      options = options.withSize(hw[0], hw[1]);
    }
    return run.detector(model).options(options).build();
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path input : inputs) {
      if (!Files.isDirectory(input)) {
        files.add(input);
        continue;
      }
      try (Stream<Path> folder = Files.list(input)) {
        folder.filter(PictureFiles::isPicture).sorted().forEach(files::add);
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there are no pictures in " + inputs);
    }
    return files;
  }

  private static Map<String, Object> row(Path file, Detections found) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("image", String.valueOf(file.getFileName()));
    row.put("width", (long) found.width());
    row.put("height", (long) found.height());
    row.put("input", List.of((long) found.inputHeight(), (long) found.inputWidth()));
    List<Object> detections = new ArrayList<>();
    for (Detection d : found) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("class", (long) d.classId());
      each.put("label", d.label());
      each.put("confidence", exact(d.confidence()));
      each.put(
          "box",
          List.of(
              exact(d.box().x1()), exact(d.box().y1()), exact(d.box().x2()), exact(d.box().y2())));
      detections.add(each);
    }
    row.put("detections", detections);
    return row;
  }

  /** The double with the fewest digits that reads back as this float. */
  private static Double exact(float value) {
    return Double.valueOf(Float.toString(value));
  }

  private void print(PrintWriter out, Path file, Detections found) {
    if (json != null) {
      return;
    }
    out.println(file.getFileName() + ": " + found.size() + " found");
    found.forEach(d -> out.println("  " + d));
  }

  private void draw(Path file, RgbImage picture, Detections found) throws IOException {
    if (save == null) {
      return;
    }
    Files.createDirectories(save);
    String name = String.valueOf(file.getFileName());
    boolean written = name.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
    PictureWriter.write(
        new Annotator().draw(picture, found), save.resolve(written ? name : name + ".png"));
  }
}
