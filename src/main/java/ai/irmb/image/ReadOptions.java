package ai.irmb.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.limit.Limits;

/**
 * Options for reading an image.
 *
 * @param limits bounds on the size in pixels and on the scans of a JPEG
 * @param acceptTruncated whether an image whose file ends within the pixels is read as far as it
 *     goes instead of being refused. The missing pixels are gray in a JPEG (as from OpenCV) and
 *     black in the other formats. A file that only lacks the end marker after complete pixels is
 *     read in any case.
 */
public record ReadOptions(Limits limits, boolean acceptTruncated) {
  /** {@link Limits#DEFAULTS}, and truncated images are refused. */
  public static final ReadOptions DEFAULTS = new ReadOptions(Limits.DEFAULTS, false);

  /** Checks that the limits are not null. */
  public ReadOptions {
    requireNonNull(limits, "limits");
  }

  /** {@return these options with other limits} */
  public ReadOptions withLimits(Limits value) {
    return new ReadOptions(value, acceptTruncated);
  }

  /** {@return these options with {@link #acceptTruncated} set to another value} */
  public ReadOptions withAcceptTruncated(boolean value) {
    return new ReadOptions(limits, value);
  }
}
