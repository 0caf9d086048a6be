package ai.irmb.internal.image;

import ai.irmb.error.ImageException;

/**
 * Where an image lands when it is letterboxed: shrunk or grown without distortion, then padded on
 * both sides. In doubles, with halves rounded to even, as upstream works it out. Immutable.
 *
 * @param sourceWidth of the image, in original pixels
 * @param sourceHeight of the image, in original pixels
 * @param ratio letterboxed pixels for an original pixel, asked for; rounding makes the resized size
 *     differ from it by up to half a pixel
 * @param resizedWidth before padding, at least 1
 * @param resizedHeight before padding, at least 1
 * @param padX padding at each side, may end in .5
 * @param padY padding above and below, may end in .5
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
   * @param targetWidth the most that the result may be wide, at least 1
   * @param targetHeight the most that the result may be high, at least 1
   * @param auto whether to pad only as far as the next multiple of the stride (counted back from
   *     the target), instead of to the whole target
   * @param scaleUp whether a small image grows
   * @param stride the network's largest, at least 1; matters only with {@code auto}
   * @throws IllegalArgumentException if a number is not positive
   * @throws ImageException if the image is so narrow that a side would shrink to nothing
   */
  public static LetterboxGeometry of(
      int sourceWidth,
      int sourceHeight,
      int targetWidth,
      int targetHeight,
      boolean auto,
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
    int acrossX = targetWidth - resizedWidth;
    int acrossY = targetHeight - resizedHeight;
    double padX = (auto ? acrossX % stride : acrossX) / 2.0;
    double padY = (auto ? acrossY % stride : acrossY) / 2.0;
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

  static ImageException tooNarrow(int width, int height, int targetWidth, int targetHeight) {
    return new ImageException(
        "an image of "
            + width
            + " x "
            + height
            + " pixels is too narrow: at "
            + targetWidth
            + " x "
            + targetHeight
            + " a side would have no pixel; cut the image, or ask for a larger size");
  }

  /** {@return columns of padding on the left; an odd one goes to the right} */
  public int left() {
    return before(padX);
  }

  /** {@return rows of padding above; an odd one goes below} */
  public int top() {
    return before(padY);
  }

  /** {@return bytes of the letterboxed image, three a pixel} */
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
