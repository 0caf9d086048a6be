package ai.irmb.internal.cli;

import ai.irmb.DetectOptions;
import ai.irmb.MaskMode;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line's options for {@link DetectOptions}; the defaults are those of Java. */
final class DetectionOptions {
  private static final DetectOptions DEFAULTS = DetectOptions.DEFAULTS;

  @Mixin private final SliceOptions slices = new SliceOptions();

  @Option(
      names = {"--size", "--imgsz"},
      paramLabel = "N|HxW",
      description = "Maximum size of the network's input (default: the size of the training).")
  private @Nullable String size;

  @Option(
      names = "--no-rectangular",
      description = "Pad to the full size instead of the next multiple of the stride.")
  private boolean notRectangular;

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
      names = "--classes",
      paramLabel = "ID",
      split = ",",
      description = "Detect only these class ids, such as 0,2.")
  private @Nullable List<Integer> classes;

  @Option(names = "--agnostic-nms", description = "Let NMS compare boxes of different classes too.")
  private boolean classAgnostic = DEFAULTS.classAgnostic();

  @Option(names = "--multi-label", description = "Allow several classes per box.")
  private boolean multiLabel = DEFAULTS.multiLabel();

  @Option(
      names = "--max-det",
      paramLabel = "N",
      description = "Maximum number of detections per image (default: ${DEFAULT-VALUE}).")
  private int maxDetections = DEFAULTS.maxDetections();

  @Option(
      names = "--masks",
      paramLabel = "MODE",
      defaultValue = "standard",
      description = "Masks of a segmentation model: off, standard, retina (default: standard).")
  private MaskMode masks = DEFAULTS.masks();

  @Option(names = "--retina-masks", description = "Short for --masks retina.")
  private boolean retinaMasks;

  /** {@return the confidence threshold} */
  double confidence() {
    return confidence;
  }

  /**
   * {@return the options as Java has them}
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  DetectOptions options() {
    try {
      DetectOptions options =
          DEFAULTS
              .withRectangular(!notRectangular)
              .withConfidenceThreshold(confidence)
              .withIouThreshold(iou)
              .withClasses(classes == null ? null : new TreeSet<>(classes))
              .withClassAgnostic(classAgnostic)
              .withMultiLabel(multiLabel)
              .withMaxDetections(maxDetections)
              .withMasks(retinaMasks ? MaskMode.RETINA : masks)
              .withSlices(slices.slices());
      if (size == null) {
        return options;
      }
      int[] hw = ModelOptions.size("--size", size);
      return options.withSize(hw[0], hw[1]);
    } catch (IllegalArgumentException e) {
      throw OptionNames.inMessage(e);
    }
  }
}
