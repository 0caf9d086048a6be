package ai.irmb.internal.postprocess;

/** Boxes from one frame of reference to another, in single precision. */
public final class Boxes {
  private Boxes() {}

  /** From centre and size to corners. */
  static void toCorners(float[] from, int at, float[] to, int put) {
    float halfWidth = from[at + 2] / 2;
    float halfHeight = from[at + 3] / 2;
    float x = from[at];
    float y = from[at + 1];
    to[put] = x - halfWidth;
    to[put + 1] = y - halfHeight;
    to[put + 2] = x + halfWidth;
    to[put + 3] = y + halfHeight;
  }

  /**
   * Maps boxes from letterboxed to original pixels and clips them to the image, as upstream does
   * when detecting: ratio and padding are worked out anew from the two sizes, so they can differ by
   * a fraction of a pixel from those of the letterbox.
   *
   * @param rows of which the boxes are overwritten
   * @param inputWidth of the letterboxed image
   * @param inputHeight of the letterboxed image
   * @param width of the original image
   * @param height of the original image
   */
  public static void toOriginal(
      ScoredBoxes rows, int inputWidth, int inputHeight, int width, int height) {
    double gain = Math.min((double) inputHeight / height, (double) inputWidth / width);
    double padX = (inputWidth - width * gain) / 2;
    double padY = (inputHeight - height * gain) / 2;
    toOriginal(rows, gain, padX, padY, width, height);
  }

  /**
   * Maps boxes from letterboxed to original pixels and clips them to the image, as upstream does
   * when validating: with what loading recorded.
   *
   * @param rows of which the boxes are overwritten
   * @param gain letterboxed pixels for an original pixel (upstream takes the height's for both)
   * @param padX padding on the left, in letterboxed pixels, may end in .5
   * @param padY padding above
   * @param width of the original image
   * @param height of the original image
   */
  public static void toOriginal(
      ScoredBoxes rows, double gain, double padX, double padY, int width, int height) {
    float[] boxes = rows.boxes();
    float divisor = (float) gain;
    float left = (float) padX;
    float top = (float) padY;
    for (int i = 0; i < 4 * rows.count(); i += 2) {
      boxes[i] = clip((boxes[i] - left) / divisor, width);
      boxes[i + 1] = clip((boxes[i + 1] - top) / divisor, height);
    }
  }

  private static float clip(float value, int most) {
    return Math.max(0f, Math.min(value, most));
  }
}
