package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;

/**
 * How a stored image has to be turned to stand upright: EXIF's numbers 1 to 8.
 *
 * <p>A number says of the upright image where its rows start in the stored one, and where they go.
 */
public enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  HALF_TURNED(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  NEEDS_CLOCKWISE(true, false, true),
  TRANSVERSED(true, true, true),
  NEEDS_COUNTER_CLOCKWISE(true, true, false);

  private static final int TAG = 0x0112;
  private static final int TILE = 64;

  /** Whether rows become columns. */
  private final boolean swaps;

  /** Whether the stored columns are met from the right. */
  private final boolean fromRight;

  /** Whether the stored rows are met from the bottom. */
  private final boolean fromBottom;

  Orientation(boolean swaps, boolean fromRight, boolean fromBottom) {
    this.swaps = swaps;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /**
   * {@return what the first directory of these EXIF data says; upright if they say nothing or do
   * not make sense, as OpenCV has it}
   *
   * @param exif a TIFF structure, from {@code start} on
   */
  static Orientation ofExif(byte[] exif, int start) {
    Tiff tiff = Tiff.of(exif, start);
    if (tiff == null) {
      return UPRIGHT;
    }
    int value = tiff.shortOf(TAG);
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  /** {@return the size upright of an image that is stored in this one} */
  ImageSize upright(int storedWidth, int storedHeight) {
    return swaps
        ? new ImageSize(storedHeight, storedWidth)
        : new ImageSize(storedWidth, storedHeight);
  }

  /** {@return the image upright; the given one's bytes are used up} */
  public RgbImage turn(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    ImageSize size = upright(stored.width(), stored.height());
    int width = size.width();
    int height = size.height();
    byte[] from = RgbImageAccess.pixels(stored);
    byte[] to = new byte[3 * width * height];
    int columnStep = fromRight ? -3 : 3;
    int rowStep = 3 * (fromBottom ? -stored.width() : stored.width());
    int first =
        3 * (fromRight ? stored.width() - 1 : 0)
            + 3 * (fromBottom ? (stored.height() - 1) * stored.width() : 0);
    int xStep = swaps ? rowStep : columnStep;
    int yStep = swaps ? columnStep : rowStep;
    // In tiles, since one side runs across rows and would miss the cache at every pixel.
    for (int top = 0; top < height; top += TILE) {
      int bottom = Math.min(top + TILE, height);
      for (int left = 0; left < width; left += TILE) {
        int right = Math.min(left + TILE, width);
        for (int y = top; y < bottom; y++) {
          int at = first + y * yStep + left * xStep;
          int end = 3 * (y * width + right);
          for (int put = 3 * (y * width + left); put < end; put += 3, at += xStep) {
            to[put] = from[at];
            to[put + 1] = from[at + 1];
            to[put + 2] = from[at + 2];
          }
        }
      }
    }
    return RgbImageAccess.wrap(width, height, to);
  }
}
