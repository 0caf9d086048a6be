package ai.irmb.internal.cli;

import ai.irmb.DetectOptions;
import ai.irmb.MaskMode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line's options for {@link DetectOptions}; the defaults are those of Java. */
final class DetectionOptions {
  private static final DetectOptions DEFAULTS = DetectOptions.DEFAULTS;

  @Mixin private final SliceOptions slices = new SliceOptions();
  @Mixin private final SizeOption size = new SizeOption();

  @Mixin
  private final ThresholdOptions thresholds =
      new ThresholdOptions(
          DEFAULTS.confidenceThreshold(), DEFAULTS.iouThreshold(), DEFAULTS.maxDetections());

  @Option(
      names = "--no-rectangular",
      description = "Pad to the full size instead of the next multiple of the stride.")
  private boolean notRectangular;

  @Option(
      names = "--classes",
      paramLabel = "CLASS",
      split = ",",
      description = "Detect only these classes, by id or name, such as 0,2 or person,bus.")
  private List<String> classes = List.of();

  @Option(names = "--agnostic-nms", description = "Let NMS compare boxes of different classes too.")
  private boolean classAgnostic = DEFAULTS.classAgnostic();

  @Option(names = "--multi-label", description = "Allow several classes per box.")
  private boolean multiLabel = DEFAULTS.multiLabel();

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
    return thresholds.confidence();
  }

  /** {@return the maximum number of detections per image} */
  int maxDetections() {
    return thresholds.maxDetections();
  }

  private @Nullable Set<Integer> ids() {
    Set<Integer> ids = new TreeSet<>();
    classes.stream().filter(DetectionOptions::isId).map(Integer::valueOf).forEach(ids::add);
    return ids.isEmpty() ? null : ids;
  }

  private @Nullable Set<String> classNames() {
    Set<String> names = new TreeSet<>(classes);
    names.removeIf(DetectionOptions::isId);
    return names.isEmpty() ? null : names;
  }

  private static boolean isId(String text) {
    return text.matches("-?[0-9]{1,9}");
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
              .withConfidenceThreshold(thresholds.confidence())
              .withIouThreshold(thresholds.iou())
              .withClasses(ids())
              .withClassNames(classNames())
              .withClassAgnostic(classAgnostic)
              .withMultiLabel(multiLabel)
              .withMaxDetections(thresholds.maxDetections())
              .withMasks(retinaMasks ? MaskMode.RETINA : masks)
              .withSlices(slices.slices());
      int[] hw = size.heightAndWidth();
      return hw == null ? options : options.withSize(hw[0], hw[1]);
    } catch (IllegalArgumentException e) {
      throw OptionNames.inMessage(e);
    }
  }
}
