package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;

/**
 * The EXIF orientation: the transformation that makes a stored image upright, in the order of the
 * EXIF values 1 to 8.
 *
 * <p>An EXIF value says from which corner, and in which direction, the stored image holds the rows
 * of the upright image.
 */
public enum Orientation {
  UPRIGHT(false, false, false),
  MIRROR_HORIZONTALLY(false, true, false),
  ROTATE_180(false, true, true),
  MIRROR_VERTICALLY(false, false, true),
  TRANSPOSE(true, false, false),
  ROTATE_CLOCKWISE(true, false, true),
  TRANSVERSE(true, true, true),
  ROTATE_COUNTERCLOCKWISE(true, true, false);

  private static final int TAG = 0x0112;
  private static final int TILE = 64;

  /** Whether rows and columns are exchanged. */
  private final boolean swapsAxes;

  /** Whether the stored columns are read from the right. */
  private final boolean fromRight;

  /** Whether the stored rows are read from the bottom. */
  private final boolean fromBottom;

  Orientation(boolean swaps, boolean fromRight, boolean fromBottom) {
    this.swapsAxes = swaps;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /**
   * {@return the orientation in the first directory of the EXIF data; as in OpenCV, upright if it
   * is absent or invalid}
   *
   * @param exif a TIFF structure, from {@code start} on
   */
  static Orientation fromExif(byte[] exif, int start) {
    ExifDirectory tiff = ExifDirectory.of(exif, start);
    if (tiff == null) {
      return UPRIGHT;
    }
    return of(tiff.uint16(TAG));
  }

  /** {@return the orientation with this number, upright if there is none} */
  static Orientation of(long value) {
    return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
  }

  boolean swapsAxes() {
    return swapsAxes;
  }

  /** {@return the size of the upright image} */
  ImageSize uprightSize(int storedWidth, int storedHeight) {
    return swapsAxes
        ? new ImageSize(storedHeight, storedWidth)
        : new ImageSize(storedWidth, storedHeight);
  }

  /** {@return the upright image; it may share the bytes of the stored one} */
  public RgbImage toUpright(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    ImageSize size = uprightSize(stored.width(), stored.height());
    int width = size.width();
    int height = size.height();
    byte[] from = RgbImageAccess.pixels(stored);
    byte[] to = new byte[3 * width * height];
    int columnStep = fromRight ? -3 : 3;
    int rowStep = 3 * (fromBottom ? -stored.width() : stored.width());
    int first =
        3 * (fromRight ? stored.width() - 1 : 0)
            + 3 * (fromBottom ? (stored.height() - 1) * stored.width() : 0);
    int xStep = swapsAxes ? rowStep : columnStep;
    int yStep = swapsAxes ? columnStep : rowStep;
    // In tiles: one of the two images is accessed across rows, which misses the cache at each
    // pixel.
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
