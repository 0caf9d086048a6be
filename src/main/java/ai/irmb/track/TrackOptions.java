package ai.irmb.track;

import java.io.Serializable;

/**
 * When detections are of one object. Immutable.
 *
 * @param high in [0, 1]; a detection above is looked at first, and finds lost objects again
 * @param low in [0, high]; one above can only go on with an object that was just seen; others are
 *     left out
 * @param start in [high, 1]; a detection above begins an object
 * @param leastIou in [0, 1]; two boxes that overlap by less are not of one object
 * @param memory for so many pictures an object that is not seen is not forgotten, at least 0
 */
public record TrackOptions(double high, double low, double start, double leastIou, int memory)
    implements Serializable {
  /**
   * The paper's overlap, 0.2, and memory, 30 pictures; its thresholds of confidence, which are for
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
    check("low", low, 0, 1);
    check("high", high, low, 1);
    check("start", start, high, 1);
    check("leastIou", leastIou, 0, 1);
    if (memory < 0) {
      throw new IllegalArgumentException("memory: expected at least 0, found " + memory);
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
    return new TrackOptions(value, Math.min(low, value), value, leastIou, memory);
  }

  /** {@return these options with another least overlap} */
  public TrackOptions withLeastIou(double value) {
    return new TrackOptions(high, low, start, value, memory);
  }

  /** {@return these options with another memory, in pictures} */
  public TrackOptions withMemory(int pictures) {
    return new TrackOptions(high, low, start, leastIou, pictures);
  }
}
