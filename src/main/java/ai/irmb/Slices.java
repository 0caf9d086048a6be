package ai.irmb;

import java.io.Serializable;

/**
 * How a large image is cut, so that small objects are seen at a size that the network knows.
 *
 * <p>Slices are of one size, spread evenly, and overlap by at least the share asked for; a side
 * that is not larger than a slice's is not cut. What the slices see is put together so:
 *
 * <ul>
 *   <li>A view is <em>cut</em> if its box reaches a border of its slice inside the image, within 2
 *       % of the slice's side; otherwise it is <em>whole</em>. An object no larger than the overlap
 *       is seen whole by at least one slice.
 *   <li>Whole views compete as boxes of one image do: of two with an IoU above the threshold the
 *       more confident stays.
 *   <li>A cut view goes if more than half of it lies in a whole view that stayed.
 *   <li>Other cut views are parts of one object if in the area that both slices see more than half
 *       of the smaller one lies in the other. They become the one box around them, with the
 *       confidence of the most confident. An object has at most one part in each slice.
 *   <li>A cut view without a partner stays as it is.
 *   <li>The image as a whole is one slice more, from which only objects wider or higher than the
 *       overlap are taken: all others are seen better, and whole, in a slice.
 * </ul>
 *
 * <p>All of this happens within each class, or across them for {@link DetectOptions#classAgnostic};
 * the best {@link DetectOptions#maxDetections} of the result stay. Masks follow their boxes; those
 * of parts are joined.
 *
 * <p>Memory beyond the image is that of one batch of slices. Immutable.
 *
 * @param height of a slice in original pixels, at least 32; 0 for as many as the network sees
 * @param width likewise
 * @param overlap of neighbours as a share of a slice's side, 0.05 to 0.75; should be more than the
 *     size of the objects that slices are for
 * @param includeFullImage whether the image as a whole is looked at too, for what is larger than
 *     the overlap
 */
public record Slices(int height, int width, double overlap, boolean includeFullImage)
    implements Serializable {
  private static final int LEAST = 32;
  private static final int LARGEST = 16_384;
  private static final double LEAST_OVERLAP = 0.05;
  private static final double MOST_OVERLAP = 0.75;

  /** Slices as large as what the network sees, an overlap of 0.2, and the whole image as well. */
  public static final Slices DEFAULTS = new Slices(0, 0, 0.2, true);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Slices {
    boolean isFree = height == 0 && width == 0;
    if (!isFree && (Math.min(height, width) < LEAST || Math.max(height, width) > LARGEST)) {
      throw new IllegalArgumentException(
          "slices: expected "
              + LEAST
              + " to "
              + LARGEST
              + " pixels, found "
              + height
              + " x "
              + width);
    }
    if (!(overlap >= LEAST_OVERLAP && overlap <= MOST_OVERLAP)) {
      throw new IllegalArgumentException(
          "overlap: expected " + LEAST_OVERLAP + " to " + MOST_OVERLAP + ", found " + overlap);
    }
  }

  /** {@return square slices with an overlap of 0.2, and the whole image as well} */
  public static Slices of(int side) {
    return of(side, side);
  }

  /** {@return slices with an overlap of 0.2, and the whole image as well} */
  public static Slices of(int height, int width) {
    return new Slices(height, width, DEFAULTS.overlap, true);
  }

  /** {@return these slices with another least overlap} */
  public Slices withOverlap(double value) {
    return new Slices(height, width, value, includeFullImage);
  }

  /** {@return these slices with or without a look at the whole image} */
  public Slices withIncludeFullImage(boolean value) {
    return new Slices(height, width, overlap, value);
  }
}
