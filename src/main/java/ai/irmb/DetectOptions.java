package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to look for and how: upstream's options under upstream's defaults. Immutable; each {@code
 * with} gives a changed copy.
 *
 * @param height the most that the network sees in height, rounded up to a multiple of the largest
 *     stride; 0 for the size that the model was trained at, else 640
 * @param width likewise in width
 * @param rectangular whether an image is padded only to the next multiple of the stride, instead of
 *     to the whole size
 * @param confidenceThreshold in [0, 1]; a detection's must be greater
 * @param iouThreshold in [0, 1]; of two boxes of a class that overlap by more, the better stays
 * @param classes wanted class numbers, or null for all; copied
 * @param classAgnostic whether boxes of different classes compete as well
 * @param multiLabel whether one box may be several classes
 * @param maxDetections at most so many, at least 1
 * @param masks how the masks of a segmentation model are made
 * @param slices how a large image is cut, or null to look at every image as a whole
 */
public record DetectOptions(
    int height,
    int width,
    boolean rectangular,
    double confidenceThreshold,
    double iouThreshold,
    @Nullable Set<Integer> classes,
    boolean classAgnostic,
    boolean multiLabel,
    int maxDetections,
    MaskMode masks,
    @Nullable Slices slices)
    implements Serializable {
  private static final int LARGEST = 16_384;

  /**
   * Upstream's {@code detect.py}: 0.25 and 0.45, all classes, at most 300 detections; its masks; no
   * slices.
   */
  public static final DetectOptions DEFAULTS =
      new DetectOptions(0, 0, true, 0.25, 0.45, null, false, false, 300, MaskMode.STANDARD, null);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DetectOptions {
    requireNonNull(masks, "masks");
    if (height < 0
        || width < 0
        || height > LARGEST
        || width > LARGEST
        || (height == 0) != (width == 0)) {
      throw new IllegalArgumentException(
          "size: expected 1 to " + LARGEST + " pixels, found " + height + " x " + width);
    }
    if (!(confidenceThreshold >= 0 && confidenceThreshold <= 1)) {
      throw new IllegalArgumentException(
          "confidence: expected 0 to 1, found " + confidenceThreshold);
    }
    if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
      throw new IllegalArgumentException("iou: expected 0 to 1, found " + iouThreshold);
    }
    if (maxDetections < 1) {
      throw new IllegalArgumentException(
          "maxDetections: expected at least 1, found " + maxDetections);
    }
    classes =
        classes == null ? null : java.util.Collections.unmodifiableSet(new TreeSet<>(classes));
    if (classes != null && classes.stream().anyMatch(c -> c < 0)) {
      throw new IllegalArgumentException("classes: a class is negative in " + classes);
    }
  }

  /** {@return these options with a square size} */
  public DetectOptions withSize(int side) {
    return withSize(side, side);
  }

  /** {@return these options with a size} */
  public DetectOptions withSize(int newHeight, int newWidth) {
    return with(
        draft -> {
          draft.height = newHeight;
          draft.width = newWidth;
        });
  }

  /** {@return these options with or without minimal padding} */
  public DetectOptions withRectangular(boolean value) {
    return with(draft -> draft.rectangular = value);
  }

  /** {@return these options with another least confidence} */
  public DetectOptions withConfidenceThreshold(double value) {
    return with(draft -> draft.confidenceThreshold = value);
  }

  /** {@return these options with another greatest overlap} */
  public DetectOptions withIouThreshold(double value) {
    return with(draft -> draft.iouThreshold = value);
  }

  /** {@return these options with only these classes, or all for null} */
  public DetectOptions withClasses(@Nullable Set<Integer> value) {
    return with(draft -> draft.classes = value);
  }

  /** {@return these options with or without competition between classes} */
  public DetectOptions withClassAgnostic(boolean value) {
    return with(draft -> draft.classAgnostic = value);
  }

  /** {@return these options with or without several classes a box} */
  public DetectOptions withMultiLabel(boolean value) {
    return with(draft -> draft.multiLabel = value);
  }

  /** {@return these options with another greatest number of detections} */
  public DetectOptions withMaxDetections(int value) {
    return with(draft -> draft.maxDetections = value);
  }

  /** {@return these options with masks made in another way, or not} */
  public DetectOptions withMasks(MaskMode value) {
    return with(draft -> draft.masks = value);
  }

  /** {@return these options for large images that are cut, or whole for null} */
  public DetectOptions withSlices(@Nullable Slices value) {
    return with(draft -> draft.slices = value);
  }

  private DetectOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options while one of them changes. */
  private static final class Draft {
    private int height;
    private int width;
    private boolean rectangular;
    private double confidenceThreshold;
    private double iouThreshold;
    private @Nullable Set<Integer> classes;
    private boolean classAgnostic;
    private boolean multiLabel;
    private int maxDetections;
    private MaskMode masks;
    private @Nullable Slices slices;

    Draft(DetectOptions from) {
      height = from.height;
      width = from.width;
      rectangular = from.rectangular;
      confidenceThreshold = from.confidenceThreshold;
      iouThreshold = from.iouThreshold;
      classes = from.classes;
      classAgnostic = from.classAgnostic;
      multiLabel = from.multiLabel;
      maxDetections = from.maxDetections;
      masks = from.masks;
      slices = from.slices;
    }

    DetectOptions options() {
      return new DetectOptions(
          height,
          width,
          rectangular,
          confidenceThreshold,
          iouThreshold,
          classes,
          classAgnostic,
          multiLabel,
          maxDetections,
          masks,
          slices);
    }
  }
}
