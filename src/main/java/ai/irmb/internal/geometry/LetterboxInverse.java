package ai.irmb.internal.geometry;

/**
 * The ratio and padding by which upstream maps boxes and masks from a letterboxed image back to the
 * original. Immutable.
 *
 * <p>YOLOv5 undoes a letterbox in two ways, which differ by a fraction of a pixel; both are kept,
 * because both are its results. {@code detect.py} computes the ratio and padding again from the two
 * sizes, {@link #ofSizes}; {@code val.py} uses those of its resize and padding, the constructor.
 * Either way they are Python floats (double) here; a mask's area is cut in double, a box is mapped
 * in single precision, as a PyTorch tensor is. {@link LetterboxGeometry#originalX} and {@link
 * LetterboxGeometry#originalY} are neither: they invert the pixels that were really resized and
 * padded, with each axis's own ratio.
 *
 * @param ratio letterboxed pixels per original pixel, one for both axes
 * @param padX padding on the left, in letterboxed pixels; may have a fraction
 * @param padY padding at the top
 * @param width of the original image
 * @param height of the original image
 */
public record LetterboxInverse(double ratio, double padX, double padY, int width, int height) {
  /**
   * {@return the inverse that {@code scale_boxes} and {@code scale_image} of {@code detect.py} use}
   *
   * @param letterboxedWidth of the letterboxed image, or of a map of the same aspect ratio
   * @param letterboxedHeight of the letterboxed image, or of the map
   * @param width of the original image
   * @param height of the original image
   */
  public static LetterboxInverse ofSizes(
      int letterboxedWidth, int letterboxedHeight, int width, int height) {
    double ratio = Math.min((double) letterboxedHeight / height, (double) letterboxedWidth / width);
    return new LetterboxInverse(
        ratio,
        (letterboxedWidth - width * ratio) / 2,
        (letterboxedHeight - height * ratio) / 2,
        width,
        height);
  }
}
