package ai.irmb.internal.cli;

import static java.util.Objects.requireNonNull;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.error.IrmbException;
import ai.irmb.image.ReadOptions;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.image.ImageEncoder;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.track.TrackOptions;
import ai.irmb.track.Tracker;
import ai.irmb.video.FrameReader;
import ai.irmb.video.Video;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Detects objects in images and videos, and prints, writes or draws them. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description =
        "Detects objects in images and videos. The default model is the blood-cell model in"
            + " models/.")
final class DetectCommand implements Callable<Integer> {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final int MIN_IMAGES_FOR_PROGRESS = 5;
  private static final int MAX_MISSED_IMAGES = TrackOptions.DEFAULTS.maxMissedFrames();

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final ExecutionOptions run = new ExecutionOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final BatchOption batchSize = new BatchOption(1);
  @Mixin private final DrawingOptions drawing = new DrawingOptions();
  @Mixin private final ResultFiles files = new ResultFiles();

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Write the images with the detections drawn on them.")
  private @Nullable Path save;

  @Option(
      names = "--nosave",
      description = "With --save: write no images, only the files of --save-txt and --save-crop.")
  private boolean noImages;

  @Option(
      names = "--save-txt",
      description = "With --save: write YOLO labels to DIR/labels; masks become polygons.")
  private boolean saveText;

  @Option(
      names = "--save-conf",
      description = "With --save-txt: append the confidence to each line.")
  private boolean saveConfidence;

  @Option(
      names = "--save-crop",
      description = "With --save: write a crop of each object to DIR/crops/CLASS.")
  private boolean saveCrops;

  @Option(
      names = {"-r", "--recursive"},
      description = "Search folders recursively.")
  private boolean recursive;

  @Option(
      names = "--accept-truncated",
      description = "Read truncated image files as far as they go instead of refusing them.")
  private boolean acceptTruncated;

  @Option(
      names = "--track",
      description =
          "Track objects through a video, or through images that are its frames in order.")
  private boolean track;

  @Option(
      names = "--attention",
      paramLabel = "LAYER",
      description = "Print what a layer attends to; with --save, write heat maps to DIR/attention.")
  private @Nullable Integer attention;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "0",
      description = "Stop a video or camera after N frames.")
  private int maxFrames;

  @Option(
      names = "--source",
      paramLabel = "INPUT",
      description = "Another INPUT, as upstream names it. Repeatable.")
  private List<String> sources = List.of();

  @Parameters(
      arity = "0..*",
      paramLabel = "INPUT",
      description = {
        "Image, folder, quoted pattern such as \"**/*.jpg\", or a list of these with one per line:",
        "@FILE or FILE.txt; - reads an image from standard input, @- a list. With JavaCV also a"
            + " video, a camera (camera:0 or 0), or a network address (rtsp://..., https://...)."
      })
  private List<String> inputArguments = List.of();

  private int failures;

  @Override
  public Integer call() throws IOException {
    LinePrinter out = console.out();
    LinePrinter err = console.err();
    check();
    List<String> arguments = new ArrayList<>(sources);
    arguments.addAll(inputArguments);
    checkInputs(arguments);
    InputResolver resolver =
        new InputResolver(recursive, outputFolders(), (given, e) -> report(err, given, e));
    arguments.forEach(resolver::add);
    List<Input> inputs = resolver.inputs();
    if (inputs.isEmpty() && failures == 0) {
      throw new FileSystemException(
          String.join(" ", arguments),
          null,
          "there are no images; found " + resolver.others() + " (-r searches subfolders)");
    }
    List<Input> images = inputs.stream().filter(input -> !input.isVideo()).toList();
    List<Input> videos = inputs.stream().filter(Input::isVideo).toList();
    if (save != null) {
      ImageEncoder.check("--save");
    }
    AnnotatedOutput annotated =
        save == null || noImages ? null : new AnnotatedOutput(save, images, drawing.annotator());
    List<Output> outputs = new ArrayList<>();
    RunTotal total = new RunTotal();
    try (ShutdownSignal interruption = videos.isEmpty() ? null : new ShutdownSignal()) {
      open(outputs, out);
      outputs.add(total);
      if (!inputs.isEmpty()) {
        try (Detector detector = detector()) {
          if (attention != null) {
            outputs.add(new AttentionOutput(detector, attention, out, save));
          }
          outputs.forEach(output -> output.start(detector.names()));
          DetectionLoop loop =
              new DetectionLoop(detector, batchSize.batch(), (given, e) -> report(err, given, e));
          images(loop, images, with(outputs, annotated));
          for (Input video : videos) {
            video(loop, video, outputs, err, interruption);
          }
        }
      }
      for (Output output : outputs) {
        output.finish();
      }
      total.print(out, failures, detection.maxDetections(), written());
    } finally {
      for (Output output : outputs) {
        output.close();
      }
    }
    return failures > 0 ? Main.FAILURE : 0;
  }

  private static void checkInputs(List<String> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "INPUT: required: an image, a folder, a pattern, a list or a video");
    }
    for (String input : inputs) {
      if (WeightFile.isNamedAsWeights(input) && !Files.isDirectory(FileNames.path(input))) {
        throw new IllegalArgumentException(
            input + ": weights are given with --weights: detect --weights " + input + " INPUT");
      }
      if (inputs.size() > 1 && NUMBER.matcher(input).matches() && !Files.exists(Path.of(input))) {
        throw new IllegalArgumentException(
            input
                + ": a number is a camera only if it is the only INPUT; the values of an option are"
                + " written together: --classes 0,2, --size 384x640");
      }
    }
  }

  /** {@return the folders of images that are written} */
  private List<Path> outputFolders() {
    return Stream.concat(Stream.ofNullable(save), Stream.ofNullable(files.yolo())).toList();
  }

  /** {@return where the results were written} */
  private List<String> written() {
    List<String> all = files.names();
    if (save != null) {
      all.add(FileNames.text(save));
    }
    return all;
  }

  private void check() {
    if (save == null && (saveText || saveCrops || noImages)) {
      String option = saveText ? "--save-txt" : saveCrops ? "--save-crop" : "--nosave";
      throw new IllegalArgumentException(option + ": requires --save DIR");
    }
    if (saveConfidence && !saveText) {
      throw new IllegalArgumentException("--save-conf: requires --save-txt");
    }
    drawing.options();
    String drawingOption = givenDrawingOption();
    if (drawingOption != null && (save == null || noImages)) {
      throw new IllegalArgumentException(drawingOption + ": requires --save DIR, without --nosave");
    }
    if (drawing.isHiding() && (saveCrops || attention != null || files.yolo() != null)) {
      String option = saveCrops ? "--save-crop" : attention != null ? "--attention" : "--yolo";
      throw new IllegalArgumentException(
          option + ": writes images in which nothing is hidden; leave it or --hide out");
    }
    if (maxFrames < 0) {
      throw new IllegalArgumentException("--frames: expected at least 1, found " + maxFrames);
    }
    batchSize.batch();
  }

  /** {@return the first drawing option on the command line, or null} */
  private @Nullable String givenDrawingOption() {
    CommandSpec command = requireNonNull(spec);
    CommandSpec mixin = requireNonNull(command.mixins().get("drawing"));
    ParseResult given = command.commandLine().getParseResult();
    return mixin.options().stream()
        .map(option -> option.names()[0])
        .filter(given::hasMatchedOption)
        .findFirst()
        .orElse(null);
  }

  private void open(List<Output> outputs, LinePrinter out) throws IOException {
    if (!files.isJson()) {
      outputs.add((input, image, found) -> print(out, input, found));
    }
    files.open(outputs, console);
    if (save != null) {
      if (saveText) {
        outputs.add(
            new YoloLabelOutput(
                save.resolve("labels"), files.options().withLabelConfidence(saveConfidence)));
      }
      if (saveCrops) {
        outputs.add(new CropOutput(save.resolve("crops")));
      }
    }
  }

  private static void print(LinePrinter out, Input input, Detections found) {
    String number = input.number() == 0 ? "" : " " + input.number();
    out.line(input.given() + number + ": " + found.size() + " found");
    found.forEach(d -> out.line("  " + d));
  }

  private void report(LinePrinter err, String given, Exception e) {
    failures++;
    String sentence = Main.message(e);
    err.line(sentence.contains(given) ? sentence : given + ": " + sentence);
  }

  private static List<Output> with(List<Output> outputs, @Nullable Output more) {
    return Stream.concat(outputs.stream(), Stream.ofNullable(more)).toList();
  }

  private void images(DetectionLoop loop, List<Input> inputs, List<Output> outputs) {
    ProgressBar progress =
        new ProgressBar(
            console.progress(), inputs.size() >= MIN_IMAGES_FOR_PROGRESS ? inputs.size() : 0);
    ReadOptions reading = new ReadOptions(model.limits(), acceptTruncated);
    try (ImageSource reads = new PrefetchingImageSource(inputs, reading, batchSize.batch() + 1)) {
      loop.run(
          reads,
          outputs,
          track ? tracker(MAX_MISSED_IMAGES) : null,
          done -> {
            progress.step();
            return true;
          });
    } finally {
      progress.clear();
    }
  }

  private void video(
      DetectionLoop loop,
      Input video,
      List<Output> outputs,
      LinePrinter err,
      @Nullable ShutdownSignal interruption) {
    try {
      FrameReader frames =
          video.isCamera()
              ? Video.openCamera(video.given(), model.limits())
              : video.isStream()
                  ? Video.openStream(video.given(), model.limits())
                  : Video.open(video.file(), video.given(), model.limits());
      video(loop, video, frames, outputs, interruption);
    } catch (IrmbException | IOException e) {
      report(err, video.given(), e);
    }
  }

  private void video(
      DetectionLoop loop,
      Input video,
      FrameReader frames,
      List<Output> outputs,
      @Nullable ShutdownSignal interruption)
      throws IOException {
    FrameRateDisplay rate =
        new FrameRateDisplay(console.progress(), video.given(), frames.frameCount());
    try (ImageSource reads =
            new VideoImageSource(video, frames, isLive(video), batchSize.batch() + 1);
        VideoOutput drawn =
            save == null || noImages
                ? null
                : new VideoOutput(save, video, frames.frameRate(), drawing.annotator())) {
      loop.run(
          reads,
          with(outputs, drawn),
          track ? tracker(frames.frameRate()) : null,
          done -> {
            rate.step();
            boolean isRequested = interruption != null && interruption.isRequested();
            return !isRequested && (maxFrames == 0 || done < maxFrames);
          });
      if (drawn != null) {
        drawn.finish();
      }
    }
    rate.end();
  }

  /** {@return whether frames come at a pace of their own, so that late ones are dropped} */
  private static boolean isLive(Input video) {
    return video.isCamera() || (video.isStream() && !video.given().startsWith("http"));
  }

  /** {@return a tracker that keeps a track without detections for one second} */
  private Tracker tracker(double framesPerSecond) {
    return new Tracker(
        TrackOptions.DEFAULTS
            .withConfidence(detection.confidence())
            .withMaxMissedFrames((int) Math.max(1, Math.min(Math.rint(framesPerSecond), 1000))));
  }

  private Detector detector() {
    DetectOptions options = detection.options();
    if (track) {
      // Detections below the threshold continue tracks; they do not start one.
      double low = TrackOptions.DEFAULTS.lowThreshold();
      options = options.withConfidenceThreshold(Math.min(detection.confidence(), low));
    }
    return run.detector(model).options(options).batchSize(batchSize.batch()).build();
  }
}
