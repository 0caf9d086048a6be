package ai.irmb.validate;

import java.io.Serializable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of a validation: those of YOLOv5's {@code val.py} under its defaults. Immutable; each
 * {@code with…} returns a changed copy.
 *
 * @param split {@code train}, {@code val} or {@code test}; null for {@code val} or, if the data set
 *     has none, {@code test}
 * @param size the longer side of the resized images in pixels, 1 to 65535; 0 for the size that the
 *     model was trained at
 * @param batchSize images per forward pass, 1 to 1024
 * @param confidenceThreshold in [0, 1]; a detection's confidence must be greater
 * @param iouThreshold in [0, 1]; of two boxes of a class with a greater IoU, NMS keeps the more
 *     confident one
 * @param maxDetections maximum number of detections per image, 1 to 30000
 * @param strict whether an image or label file that cannot be used is an error; else the image is
 *     left out
 * @param boxesOnly whether only the boxes of a segmentation model are measured, so that labels may
 *     be boxes; no effect on other models
 */
public record ValidateOptions(
    @Nullable String split,
    int size,
    int batchSize,
    double confidenceThreshold,
    double iouThreshold,
    int maxDetections,
    boolean strict,
    boolean boxesOnly)
    implements Serializable {
  private static final int MAX_SIZE = 65_535;
  private static final int MAX_BATCH_SIZE = 1024;
  private static final int MAX_DETECTIONS = 30_000;

  /** Confidence 0.001, IoU 0.6 and 300 detections per image, as in {@code val.py}. */
  public static final ValidateOptions DEFAULTS =
      new ValidateOptions(null, 0, 8, 0.001, 0.6, 300, false, false);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public ValidateOptions {
    check("size", size, 0, MAX_SIZE);
    check("batchSize", batchSize, 1, MAX_BATCH_SIZE);
    check("confidenceThreshold", confidenceThreshold, 0, 1);
    check("iouThreshold", iouThreshold, 0, 1);
    check("maxDetections", maxDetections, 1, MAX_DETECTIONS);
  }

  private static void check(String name, Number value, int min, int max) {
    if (!(value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw new IllegalArgumentException(
          name + ": expected " + min + " to " + max + ", found " + value);
    }
  }

  /** {@return these options with another split, or null for the default one} */
  public ValidateOptions withSplit(@Nullable String value) {
    return with(copy -> copy.split = value);
  }

  /** {@return these options with another size} */
  public ValidateOptions withSize(int value) {
    return with(copy -> copy.size = value);
  }

  /** {@return these options with another batch size} */
  public ValidateOptions withBatchSize(int value) {
    return with(copy -> copy.batchSize = value);
  }

  /** {@return these options with another confidence threshold} */
  public ValidateOptions withConfidenceThreshold(double value) {
    return with(copy -> copy.confidenceThreshold = value);
  }

  /** {@return these options with another IoU threshold} */
  public ValidateOptions withIouThreshold(double value) {
    return with(copy -> copy.iouThreshold = value);
  }

  /** {@return these options with another maximum number of detections per image} */
  public ValidateOptions withMaxDetections(int value) {
    return with(copy -> copy.maxDetections = value);
  }

  /** {@return these options, strict or not} */
  public ValidateOptions withStrict(boolean value) {
    return with(copy -> copy.strict = value);
  }

  /** {@return these options, for boxes only or not} */
  public ValidateOptions withBoxesOnly(boolean value) {
    return with(copy -> copy.boxesOnly = value);
  }

  private ValidateOptions with(Consumer<MutableCopy> change) {
    MutableCopy copy = new MutableCopy(this);
    change.accept(copy);
    return copy.options();
  }

  /** A mutable copy, so that each {@code with} names only what it changes. */
  private static final class MutableCopy {
    private @Nullable String split;
    private int size;
    private int batchSize;
    private double confidenceThreshold;
    private double iouThreshold;
    private int maxDetections;
    private boolean strict;
    private boolean boxesOnly;

    MutableCopy(ValidateOptions from) {
      split = from.split;
      size = from.size;
      batchSize = from.batchSize;
      confidenceThreshold = from.confidenceThreshold;
      iouThreshold = from.iouThreshold;
      maxDetections = from.maxDetections;
      strict = from.strict;
      boxesOnly = from.boxesOnly;
    }

    ValidateOptions options() {
      return new ValidateOptions(
          split,
          size,
          batchSize,
          confidenceThreshold,
          iouThreshold,
          maxDetections,
          strict,
          boxesOnly);
    }
  }
}
