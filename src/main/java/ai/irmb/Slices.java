package ai.irmb;

import java.io.Serializable;

/**
 * Options for detecting small objects in a large image: it is cut into overlapping slices, each of
 * which is processed on its own.
 *
 * <p>Slices have one size and are evenly spaced; neighbors overlap by at least the given fraction.
 * A side that is not longer than a slice's is not cut. The detections are merged as follows:
 *
 * <ul>
 *   <li>A detection is <em>cut</em> if its box reaches a border of its slice inside the image,
 *       within 2 % of the slice's side; otherwise it is <em>complete</em>. An object no larger than
 *       the overlap is complete in at least one slice.
 *   <li>NMS applies to complete detections: of two with an IoU above the threshold the more
 *       confident is kept.
 *   <li>A cut detection is dropped if more than half of its box is inside a kept complete one.
 *   <li>Two other cut detections belong to one object if, in the area that both slices show, more
 *       than half of the smaller box is inside the larger. They are joined to their bounding box,
 *       with the confidence of the most confident. An object has at most one detection per slice.
 *   <li>A cut detection without a partner is kept.
 *   <li>The full image is one more slice, of which only objects wider or higher than the overlap
 *       are used: all others are complete in a slice, at a larger scale.
 * </ul>
 *
 * <p>All of this happens within each class, or across classes with {@link
 * DetectOptions#classAgnostic}; the best {@link DetectOptions#maxDetections} of the result are
 * kept. Masks follow their boxes; those of joined detections are joined.
 *
 * <p>Memory beyond the image is that of one batch of slices. Immutable.
 *
 * @param height of a slice in original pixels, at least 32; 0 for the network's input height
 * @param width of a slice in original pixels, at least 32; 0 for the network's input width
 * @param overlap of neighbors as a fraction of a slice's side, 0.05 to 0.75; should exceed the size
 *     of the objects that slices are for
 * @param includeFullImage whether the full image is processed too, for objects larger than the
 *     overlap
 */
public record Slices(int height, int width, double overlap, boolean includeFullImage)
    implements Serializable {
  private static final int MIN_SIDE = 32;
  private static final int MAX_SIDE = 16_384;
  private static final double MIN_OVERLAP = 0.05;
  private static final double MAX_OVERLAP = 0.75;

  /** Slices of the network's input size, an overlap of 0.2, and the full image as well. */
  public static final Slices DEFAULTS = new Slices(0, 0, 0.2, true);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Slices {
    boolean isFree = height == 0 && width == 0;
    if (!isFree && (Math.min(height, width) < MIN_SIDE || Math.max(height, width) > MAX_SIDE)) {
      throw new IllegalArgumentException(
          "slices: expected "
              + MIN_SIDE
              + " to "
              + MAX_SIDE
              + " pixels, found "
              + height
              + " x "
              + width);
    }
    if (!(overlap >= MIN_OVERLAP && overlap <= MAX_OVERLAP)) {
      throw new IllegalArgumentException(
          "overlap: expected " + MIN_OVERLAP + " to " + MAX_OVERLAP + ", found " + overlap);
    }
  }

  /** {@return square slices with an overlap of 0.2, and the full image as well} */
  public static Slices of(int side) {
    return of(side, side);
  }

  /** {@return slices with an overlap of 0.2, and the full image as well} */
  public static Slices of(int height, int width) {
    return new Slices(height, width, DEFAULTS.overlap, true);
  }

  /** {@return these slices with another minimum overlap} */
  public Slices withOverlap(double value) {
    return new Slices(height, width, value, includeFullImage);
  }

  /** {@return these slices with or without the full image} */
  public Slices withIncludeFullImage(boolean value) {
    return new Slices(height, width, overlap, value);
  }
}
