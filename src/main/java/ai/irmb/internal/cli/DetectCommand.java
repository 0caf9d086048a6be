package ai.irmb.internal.cli;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.MaskMode;
import ai.irmb.error.IrmbException;
import ai.irmb.track.TrackOptions;
import ai.irmb.track.Tracker;
import ai.irmb.video.FrameReader;
import ai.irmb.video.Video;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds objects in images; prints them, writes them as JSON, draws them. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description =
        "Finds objects in images and videos. Without --weights: the blood-cell model in models/.")
final class DetectCommand implements Callable<Integer> {
  private static final int MANY = 5;
  private static final int LARGEST_BATCH = 1024;
  private static final int IMAGES_REMEMBERED = TrackOptions.DEFAULTS.maxMissedFrames();

  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final RunOptions run = new RunOptions();
  @Mixin private final SliceOptions slice = new SliceOptions();

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
      description = "At most so many an image (${DEFAULT-VALUE}).")
  private int maxDetections;

  @Option(
      names = "--masks",
      defaultValue = "standard",
      description = "Masks of a segmentation model: off, standard or retina (${DEFAULT-VALUE}).")
  private MaskMode masks = MaskMode.STANDARD;

  @Option(names = "--retina-masks", description = "The same as --masks retina.")
  private boolean retinaMasks;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the detections as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the detections as a table, one a line.")
  private @Nullable Path csv;

  @Option(
      names = "--coco",
      paramLabel = "FILE",
      description = "Write the detections as results that COCO's tools read.")
  private @Nullable Path coco;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Write the images with what was found drawn on them.")
  private @Nullable Path save;

  @Option(
      names = "--nosave",
      description = "With --save: draw no images, only what the next options ask for.")
  private boolean noImages;

  @Option(
      names = "--save-txt",
      description = "With --save: write YOLO labels into DIR/labels, for masks as polygons.")
  private boolean saveText;

  @Option(
      names = "--save-conf",
      description = "With --save-txt: end each line with the confidence.")
  private boolean saveConfidence;

  @Option(
      names = "--save-crop",
      description = "With --save: cut each object out, into DIR/crops/CLASS.")
  private boolean saveCrops;

  @Option(
      names = {"-r", "--recursive"},
      description = "Look into the folders of folders.")
  private boolean recursive;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "So many images go through the network at once (${DEFAULT-VALUE}).")
  private int batch = 1;

  @Option(
      names = "--track",
      description = "The images are of one scene, in order: follow objects through them.")
  private boolean track;

  @Option(
      names = "--attention",
      paramLabel = "LAYER",
      description =
          "Tell what the attention of a layer looks at; with --save draw it, into DIR/attention.")
  private @Nullable Integer attention;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "0",
      description = "End a video or a camera after so many images.")
  private int mostFrames;

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = {
        "Images, folders of them, patterns in quotes such as \"**/*.jpg\",",
        "lists of all of these, one a line: @FILE or FILE.txt;",
        "videos, and cameras: camera:0, where JavaCV is there."
      })
  private List<String> arguments = List.of();

  private boolean failed;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = console.out();
    PrintWriter err = console.err();
    check();
    Inputs found = new Inputs(recursive, save, (given, e) -> report(err, given, e));
    arguments.forEach(found::add);
    List<Input> inputs = found.all();
    if (inputs.isEmpty() && !failed) {
      throw new IllegalArgumentException("there are no images in " + arguments);
    }
    List<Input> images = inputs.stream().filter(input -> !input.isVideo()).toList();
    List<Input> videos = inputs.stream().filter(Input::isVideo).toList();
    AnnotatedOutput annotated = save == null || noImages ? null : new AnnotatedOutput(save, images);
    List<Output> outputs = new ArrayList<>();
    try (Interruption interruption = videos.isEmpty() ? null : new Interruption()) {
      open(outputs, out);
      if (!inputs.isEmpty()) {
        try (Detector detector = detector()) {
          if (attention != null) {
            outputs.add(new AttentionOutput(detector, attention, out, save));
          }
          DetectLoop loop = new DetectLoop(detector, batch, (given, e) -> report(err, given, e));
          images(loop, images, with(outputs, annotated), err);
          for (Input video : videos) {
            video(loop, video, outputs, err, interruption);
          }
        }
      }
      for (Output output : outputs) {
        output.finish();
      }
    } finally {
      for (Output output : outputs) {
        output.close();
      }
    }
    return failed ? Main.FAILURE : 0;
  }

  private void check() {
    if (save == null && (saveText || saveCrops || noImages)) {
      String option = saveText ? "--save-txt" : saveCrops ? "--save-crop" : "--nosave";
      throw new IllegalArgumentException(option + ": needs --save DIR beside it, to write into");
    }
    if (saveConfidence && !saveText) {
      throw new IllegalArgumentException("--save-conf: needs --save-txt beside it");
    }
    if (mostFrames < 0) {
      throw new IllegalArgumentException("--frames: expected at least 1, found " + mostFrames);
    }
    if (batch < 1 || batch > LARGEST_BATCH) {
      throw new IllegalArgumentException(
          "--batch: expected 1 to " + LARGEST_BATCH + ", found " + batch);
    }
  }

  private void open(List<Output> outputs, PrintWriter out) throws IOException {
    if (json == null) {
      outputs.add((input, image, found) -> print(out, input, found));
    } else {
      outputs.add(new JsonOutput(json));
    }
    if (csv != null) {
      outputs.add(new CsvOutput(csv, track));
    }
    if (coco != null) {
      outputs.add(new CocoOutput(coco));
    }
    if (save != null) {
      if (saveText) {
        outputs.add(new YoloTextOutput(save.resolve("labels"), saveConfidence));
      }
      if (saveCrops) {
        outputs.add(new CropOutput(save.resolve("crops")));
      }
    }
  }

  private static void print(PrintWriter out, Input input, Found found) {
    String number = input.number() == 0 ? "" : " " + input.number();
    out.println(input.given() + number + ": " + found.size() + " found");
    found.named().forEach(d -> out.println("  " + d));
  }

  private void report(PrintWriter err, String given, Exception e) {
    failed = true;
    String sentence = Main.printable(Main.sentence(e));
    err.println(sentence.contains(given) ? sentence : given + ": " + sentence);
  }

  private static List<Output> with(List<Output> outputs, @Nullable Output more) {
    return Stream.concat(outputs.stream(), Stream.ofNullable(more)).toList();
  }

  private void images(DetectLoop loop, List<Input> inputs, List<Output> outputs, PrintWriter err) {
    Progress progress = new Progress(err, inputs.size() >= MANY ? inputs.size() : 0);
    try (Reads reads = new ReadAhead(inputs, model.limits(), batch + 1)) {
      loop.run(
          reads,
          outputs,
          track ? tracker(IMAGES_REMEMBERED) : null,
          done -> {
            progress.step();
            return true;
          });
    } finally {
      progress.clear();
    }
  }

  private void video(
      DetectLoop loop,
      Input video,
      List<Output> outputs,
      PrintWriter err,
      @Nullable Interruption interruption) {
    try {
      FrameReader frames =
          video.isCamera()
              ? Video.openCamera(video.given(), model.limits())
              : Video.open(video.file(), video.given(), model.limits());
      video(loop, video, frames, outputs, err, interruption);
    } catch (IrmbException | IOException e) {
      report(err, video.given(), e);
    }
  }

  private void video(
      DetectLoop loop,
      Input video,
      FrameReader frames,
      List<Output> outputs,
      PrintWriter err,
      @Nullable Interruption interruption)
      throws IOException {
    FrameRate rate = new FrameRate(err, video.given(), frames.frameCount());
    try (Reads reads = new VideoReads(video, frames, video.isCamera(), batch + 1);
        VideoOutput drawn =
            save == null || noImages ? null : new VideoOutput(save, video, frames.frameRate())) {
      loop.run(
          reads,
          with(outputs, drawn),
          track ? tracker(frames.frameRate()) : null,
          done -> {
            rate.step();
            boolean isWished = interruption != null && interruption.isWished();
            return !isWished && (mostFrames == 0 || done < mostFrames);
          });
      if (drawn != null) {
        drawn.finish();
      }
    }
    rate.end();
  }

  /** An object that is not seen is remembered for a second. */
  private Tracker tracker(double imagesASecond) {
    return new Tracker(
        TrackOptions.DEFAULTS
            .withConfidence(confidence)
            .withMaxMissedFrames((int) Math.max(1, Math.min(Math.rint(imagesASecond), 1000))));
  }

  private Detector detector() {
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withRectangular(!noAuto)
            .withConfidenceThreshold(confidence)
            .withIouThreshold(iou)
            .withClasses(classes == null ? null : new TreeSet<>(classes))
            .withClassAgnostic(agnostic)
            .withMultiLabel(multiLabel)
            .withMaxDetections(maxDetections)
            .withMasks(retinaMasks ? MaskMode.RETINA : masks)
            .withSlices(slice.slices());
    if (track) {
      // Unsure detections follow objects; none of them begins one.
      options =
          options.withConfidenceThreshold(
              Math.min(confidence, TrackOptions.DEFAULTS.lowThreshold()));
    }
    if (size != null) {
      int[] hw = ModelOptions.size("--size", size);
      options = options.withSize(hw[0], hw[1]);
    }
    return run.detector(model).options(options).batchSize(batch).build();
  }
}
