package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a detection: those of Ultralytics YOLOv5 (<i>upstream</i>) under its defaults.
 * Immutable; each {@code with…} returns a changed copy.
 *
 * @param height maximum height of the network's input in pixels, rounded up to a multiple of the
 *     largest stride; 0 for the size that the model was trained at or, if the checkpoint does not
 *     contain it, 640
 * @param width maximum width of the network's input, in the same way
 * @param rectangular whether images are padded only to the next multiple of the stride, instead of
 *     to height × width
 * @param confidenceThreshold in [0, 1]; a detection's confidence must be greater
 * @param iouThreshold in [0, 1]; of two boxes of a class with a greater IoU, NMS keeps the more
 *     confident one
 * @param classes ids of the classes to detect, or null for all; copied
 * @param classNames names of the classes to detect in addition to {@code classes}, or null for
 *     none; if both are null, all classes are detected; copied
 * @param classAgnostic whether NMS compares boxes of different classes too
 * @param multiLabel whether a box may have several classes
 * @param maxDetections maximum number of detections per image, at least 1
 * @param masks computation of the masks of a segmentation model
 * @param slices slicing of large images, or null for none
 */
public record DetectOptions(
    int height,
    int width,
    boolean rectangular,
    double confidenceThreshold,
    double iouThreshold,
    @Nullable Set<Integer> classes,
    @Nullable Set<String> classNames,
    boolean classAgnostic,
    boolean multiLabel,
    int maxDetections,
    MaskMode masks,
    @Nullable Slices slices)
    implements Serializable {
  private static final int MAX_SIDE = 16_384;

  /**
   * The defaults of {@code detect.py}: confidence 0.25, IoU 0.45, all classes, 1000 detections; no
   * slices.
   */
  public static final DetectOptions DEFAULTS =
      new DetectOptions(
          0, 0, true, 0.25, 0.45, null, null, false, false, 1000, MaskMode.STANDARD, null);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DetectOptions {
    requireNonNull(masks, "masks");
    if (height < 0
        || width < 0
        || height > MAX_SIDE
        || width > MAX_SIDE
        || (height == 0) != (width == 0)) {
      throw new IllegalArgumentException(
          "size: expected 1 to " + MAX_SIDE + " pixels, found " + height + " x " + width);
    }
    if (!(confidenceThreshold >= 0 && confidenceThreshold <= 1)) {
      throw new IllegalArgumentException(
          "confidenceThreshold: expected 0 to 1, found " + confidenceThreshold);
    }
    if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
      throw new IllegalArgumentException("iouThreshold: expected 0 to 1, found " + iouThreshold);
    }
    if (maxDetections < 1) {
      throw new IllegalArgumentException(
          "maxDetections: expected at least 1, found " + maxDetections);
    }
    classes = classes == null ? null : Collections.unmodifiableSet(new TreeSet<>(classes));
    classNames = classNames == null ? null : Collections.unmodifiableSet(new TreeSet<>(classNames));
    if (classes != null && classes.stream().anyMatch(c -> c < 0)) {
      throw new IllegalArgumentException("classes: expected ids of at least 0, found " + classes);
    }
  }

  /** {@return these options with a square size} */
  public DetectOptions withSize(int side) {
    return withSize(side, side);
  }

  /** {@return these options with a size} */
  public DetectOptions withSize(int newHeight, int newWidth) {
    return with(
        copy -> {
          copy.height = newHeight;
          copy.width = newWidth;
        });
  }

  /** {@return these options with minimal padding or padding to the full size} */
  public DetectOptions withRectangular(boolean value) {
    return with(copy -> copy.rectangular = value);
  }

  /** {@return these options with another confidence threshold} */
  public DetectOptions withConfidenceThreshold(double value) {
    return with(copy -> copy.confidenceThreshold = value);
  }

  /** {@return these options with another IoU threshold} */
  public DetectOptions withIouThreshold(double value) {
    return with(copy -> copy.iouThreshold = value);
  }

  /** {@return these options with only these classes, or all for null} */
  public DetectOptions withClasses(@Nullable Set<Integer> value) {
    return with(copy -> copy.classes = value);
  }

  /** {@return these options with only the classes of these ids, such as {@code 0, 2}} */
  public DetectOptions withClasses(int id, int... others) {
    Set<Integer> ids = new TreeSet<>();
    ids.add(id);
    for (int other : others) {
      ids.add(other);
    }
    return withClassNames(null).withClasses(ids);
  }

  /** {@return these options with only the classes of these names, or all for null} */
  public DetectOptions withClassNames(@Nullable Set<String> value) {
    return with(copy -> copy.classNames = value);
  }

  /**
   * {@return these options with only the classes of these names, such as {@code person}}
   *
   * <p>A detector that has no such class refuses the options.
   */
  public DetectOptions withClasses(String name, String... others) {
    Set<String> names = new TreeSet<>(List.of(others));
    names.add(name);
    return with(
        copy -> {
          copy.classes = null;
          copy.classNames = names;
        });
  }

  /** {@return these options with class-agnostic NMS or NMS per class} */
  public DetectOptions withClassAgnostic(boolean value) {
    return with(copy -> copy.classAgnostic = value);
  }

  /** {@return these options with one or several classes per box} */
  public DetectOptions withMultiLabel(boolean value) {
    return with(copy -> copy.multiLabel = value);
  }

  /** {@return these options with another maximum number of detections} */
  public DetectOptions withMaxDetections(int value) {
    return with(copy -> copy.maxDetections = value);
  }

  /** {@return these options with another computation of masks} */
  public DetectOptions withMasks(MaskMode value) {
    return with(copy -> copy.masks = value);
  }

  /** {@return these options with slicing, or without for null} */
  public DetectOptions withSlices(@Nullable Slices value) {
    return with(copy -> copy.slices = value);
  }

  private DetectOptions with(Consumer<MutableCopy> change) {
    MutableCopy copy = new MutableCopy(this);
    change.accept(copy);
    return copy.options();
  }

  /** A mutable copy, so that each {@code with} names only what it changes. */
  private static final class MutableCopy {
    private int height;
    private int width;
    private boolean rectangular;
    private double confidenceThreshold;
    private double iouThreshold;
    private @Nullable Set<Integer> classes;
    private @Nullable Set<String> classNames;
    private boolean classAgnostic;
    private boolean multiLabel;
    private int maxDetections;
    private MaskMode masks;
    private @Nullable Slices slices;

    MutableCopy(DetectOptions from) {
      height = from.height;
      width = from.width;
      rectangular = from.rectangular;
      confidenceThreshold = from.confidenceThreshold;
      iouThreshold = from.iouThreshold;
      classes = from.classes;
      classNames = from.classNames;
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
          classNames,
          classAgnostic,
          multiLabel,
          maxDetections,
          masks,
          slices);
    }
  }
}
