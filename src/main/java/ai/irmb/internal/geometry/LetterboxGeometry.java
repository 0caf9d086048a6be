package ai.irmb.internal.geometry;

import ai.irmb.error.ImageException;

/**
 * The geometry of a letterboxed image: resized with its aspect ratio, then padded on both sides.
 * Computed in doubles, with halves rounded to even, as Ultralytics YOLOv5 (<em>upstream</em>) does.
 * Immutable.
 *
 * @param sourceWidth of the image, in original pixels
 * @param sourceHeight of the image, in original pixels
 * @param ratio requested letterboxed pixels per original pixel; rounding changes the resized size
 *     by up to half a pixel
 * @param resizedWidth before padding, at least 1
 * @param resizedHeight before padding, at least 1
 * @param padX padding on the left and on the right; may end in .5
 * @param padY padding at the top and at the bottom; may end in .5
 * @param width of the letterboxed image
 * @param height of the letterboxed image
 */
public record LetterboxGeometry(
    int sourceWidth,
    int sourceHeight,
    double ratio,
    int resizedWidth,
    int resizedHeight,
    double padX,
    double padY,
    int width,
    int height) {

  /**
   * {@return the geometry for one image}
   *
   * @param sourceWidth in pixels, at least 1
   * @param sourceHeight in pixels, at least 1
   * @param targetWidth max width of the result, at least 1
   * @param targetHeight max height of the result, at least 1
   * @param rectangular whether to pad only to the next multiple of the stride, counted back from
   *     the target size, instead of to the target size
   * @param scaleUp whether a small image is enlarged
   * @param stride the largest stride of the network, at least 1; used only if {@code rectangular}
   * @throws IllegalArgumentException if a number is not positive
   * @throws ImageException if the image is so narrow that a resized side would be 0
   */
  public static LetterboxGeometry of(
      int sourceWidth,
      int sourceHeight,
      int targetWidth,
      int targetHeight,
      boolean rectangular,
      boolean scaleUp,
      int stride) {
    if (sourceWidth < 1 || sourceHeight < 1 || targetWidth < 1 || targetHeight < 1 || stride < 1) {
      throw new IllegalArgumentException("sizes and stride must be positive");
    }
    double ratio =
        Math.min((double) targetHeight / sourceHeight, (double) targetWidth / sourceWidth);
    if (!scaleUp) {
      ratio = Math.min(ratio, 1.0);
    }
    int resizedWidth = (int) Math.rint(sourceWidth * ratio);
    int resizedHeight = (int) Math.rint(sourceHeight * ratio);
    if (resizedWidth == 0 || resizedHeight == 0) {
      throw tooNarrow(sourceWidth, sourceHeight, targetWidth, targetHeight);
    }
    int freeX = targetWidth - resizedWidth;
    int freeY = targetHeight - resizedHeight;
    double padX = (rectangular ? freeX % stride : freeX) / 2.0;
    double padY = (rectangular ? freeY % stride : freeY) / 2.0;
    requireBuffer(
        (long) before(padX) + resizedWidth + after(padX),
        (long) before(padY) + resizedHeight + after(padY));
    return new LetterboxGeometry(
        sourceWidth,
        sourceHeight,
        ratio,
        resizedWidth,
        resizedHeight,
        padX,
        padY,
        before(padX) + resizedWidth + after(padX),
        before(padY) + resizedHeight + after(padY));
  }

  private static void requireBuffer(long width, long height) {
    if (3 * width * height > Integer.MAX_VALUE) {
      throw new ImageException(
          "an input of "
              + width
              + " x "
              + height
              + " pixels is larger than the 2 GB that a buffer can have; use a smaller size");
    }
  }

  /** {@return the error for an image of which a resized side would be 0} */
  public static ImageException tooNarrow(int width, int height, int targetWidth, int targetHeight) {
    return new ImageException(
        "an image of "
            + width
            + " x "
            + height
            + " pixels is too narrow: at "
            + targetWidth
            + " x "
            + targetHeight
            + " a side would have no pixel; crop the image, or use a larger size");
  }

  /** {@return the columns of padding on the left; an odd column is added on the right} */
  public int left() {
    return before(padX);
  }

  /** {@return the rows of padding at the top; an odd row is added at the bottom} */
  public int top() {
    return before(padY);
  }

  /** {@return the letterboxed position of an original position, both from the left} */
  public double letterboxedX(double x) {
    return left() + x * resizedWidth / sourceWidth;
  }

  /** {@return the letterboxed position of an original position, both from the top} */
  public double letterboxedY(double y) {
    return top() + y * resizedHeight / sourceHeight;
  }

  /** {@return the original position of a letterboxed position; outside the image in the padding} */
  public double originalX(double x) {
    return (x - left()) * sourceWidth / resizedWidth;
  }

  /** {@return the original position of a letterboxed position; outside the image in the padding} */
  public double originalY(double y) {
    return (y - top()) * sourceHeight / resizedHeight;
  }

  /** {@return the bytes of the letterboxed image, three per pixel} */
  public int bytes() {
    return Math.multiplyExact(3, Math.multiplyExact(width, height));
  }

  private static int before(double padding) {
    return (int) Math.rint(padding - 0.1);
  }

  private static int after(double padding) {
    return (int) Math.rint(padding + 0.1);
  }
}
