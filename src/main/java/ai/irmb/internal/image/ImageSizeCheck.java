package ai.irmb.internal.image;

import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;

/** Checks the size in an image header against the limits. */
final class ImageSizeCheck {
  /** The number of pixels that fit into one array, at three bytes per pixel. */
  private static final long MAX_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  private ImageSizeCheck() {}

  /**
   * Checks a size before anything of that size is allocated.
   *
   * @throws ai.irmb.error.ImageException if a side is not positive or a limit is exceeded
   */
  static void check(ByteSource in, long width, long height, Limits limits) {
    String size = width + " x " + height + " pixels";
    if (width <= 0 || height <= 0) {
      throw in.damaged("the size is " + size + "; each side must be at least 1");
    }
    if (width > limits.getInt(Limit.SIDE) || height > limits.getInt(Limit.SIDE)) {
      throw in.exceedsLimit(
          size + ": a side is more than " + LimitMessages.limit(limits, Limit.SIDE));
    }
    if (width * height > limits.get(Limit.PIXELS)) {
      throw in.exceedsLimit(size + " are more than " + LimitMessages.limit(limits, Limit.PIXELS));
    }
    if (width * height > MAX_PIXELS) {
      throw in.exceedsLimit(size + " are more than one Java array can hold");
    }
  }
}
