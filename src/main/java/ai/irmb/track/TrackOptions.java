package ai.irmb.track;

import java.io.Serializable;

/**
 * Options of the tracker. Immutable.
 *
 * @param highThreshold in [lowThreshold, 1]; detections with a greater confidence are matched
 *     first, with lost objects too
 * @param lowThreshold in [0, 1]; detections between the two thresholds only continue objects that
 *     the previous image showed; those below are ignored
 * @param startThreshold in [highThreshold, 1]; an unmatched detection above it starts an object
 * @param minIou in [0, 1]; boxes with a smaller IoU are never matched
 * @param maxMissedFrames number of images after which an object that is not detected is dropped, at
 *     least 0
 */
public record TrackOptions(
    double highThreshold,
    double lowThreshold,
    double startThreshold,
    double minIou,
    int maxMissedFrames)
    implements Serializable {
  /**
   * The paper's IoU, 0.2, and 30 images; its thresholds are for more confident detectors and are
   * replaced by {@code detect}'s default confidence, 0.25, and a low threshold of 0.1.
   */
  public static final TrackOptions DEFAULTS = new TrackOptions(0.25, 0.1, 0.25, 0.2, 30);

  /** The paper's thresholds: 0.6, 0.1 and 0.7. */
  public static final TrackOptions PAPER = new TrackOptions(0.6, 0.1, 0.7, 0.2, 30);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public TrackOptions {
    check("lowThreshold", lowThreshold, 0, 1);
    check("highThreshold", highThreshold, lowThreshold, 1);
    check("startThreshold", startThreshold, highThreshold, 1);
    check("minIou", minIou, 0, 1);
    if (maxMissedFrames < 0) {
      throw new IllegalArgumentException(
          "maxMissedFrames: expected at least 0, found " + maxMissedFrames);
    }
  }

  private static void check(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          name + ": expected " + min + " to " + max + ", found " + value);
    }
  }

  /**
   * {@return these options with another high and start threshold; the low threshold is lowered to
   * it if necessary}
   */
  public TrackOptions withConfidence(double value) {
    return new TrackOptions(value, Math.min(lowThreshold, value), value, minIou, maxMissedFrames);
  }

  /** {@return these options with another minimum IoU} */
  public TrackOptions withMinIou(double value) {
    return new TrackOptions(highThreshold, lowThreshold, startThreshold, value, maxMissedFrames);
  }

  /** {@return these options with another number of missed images} */
  public TrackOptions withMaxMissedFrames(int images) {
    return new TrackOptions(highThreshold, lowThreshold, startThreshold, minIou, images);
  }
}
