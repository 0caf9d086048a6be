package ai.irmb.track;

import java.io.Serializable;

/**
 * When detections are of one object. Immutable.
 *
 * @param highThreshold in [0, 1]; a detection above is looked at first, and finds lost objects
 *     again
 * @param lowThreshold in [0, high]; one above can only go on with an object that was just seen;
 *     others are left out
 * @param startThreshold in [high, 1]; a detection above begins an object
 * @param minIou in [0, 1]; two boxes that overlap by less are not of one object
 * @param maxMissedFrames for so many images an object that is not seen is not forgotten, at least 0
 */
public record TrackOptions(
    double highThreshold,
    double lowThreshold,
    double startThreshold,
    double minIou,
    int maxMissedFrames)
    implements Serializable {
  /**
   * The paper's overlap, 0.2, and memory, 30 images; its thresholds of confidence, which are for
   * detectors that are surer, are replaced by what {@code detect} shows by default: 0.25, and 0.1
   * for the low ones.
   */
  public static final TrackOptions DEFAULTS = new TrackOptions(0.25, 0.1, 0.25, 0.2, 30);

  /** As in the paper: 0.6, 0.1 and 0.7. */
  public static final TrackOptions PAPER = new TrackOptions(0.6, 0.1, 0.7, 0.2, 30);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public TrackOptions {
    check("low", lowThreshold, 0, 1);
    check("high", highThreshold, lowThreshold, 1);
    check("start", startThreshold, highThreshold, 1);
    check("leastIou", minIou, 0, 1);
    if (maxMissedFrames < 0) {
      throw new IllegalArgumentException("memory: expected at least 0, found " + maxMissedFrames);
    }
  }

  private static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + most + ", found " + value);
    }
  }

  /**
   * {@return these options where objects begin, and are looked at first, above this confidence; the
   * low one is not raised}
   */
  public TrackOptions withConfidence(double value) {
    return new TrackOptions(value, Math.min(lowThreshold, value), value, minIou, maxMissedFrames);
  }

  /** {@return these options with another least overlap} */
  public TrackOptions withMinIou(double value) {
    return new TrackOptions(highThreshold, lowThreshold, startThreshold, value, maxMissedFrames);
  }

  /** {@return these options with another memory, in images} */
  public TrackOptions withMaxMissedFrames(int images) {
    return new TrackOptions(highThreshold, lowThreshold, startThreshold, minIou, images);
  }
}
