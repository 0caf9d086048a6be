package ai.irmb.internal.postprocess;

/** Converts boxes between coordinate systems, in single precision as YOLOv5 does. */
public final class Boxes {
  private Boxes() {}

  /** Converts center and size to corners. */
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
   * Maps boxes from letterboxed to original pixels and clips them to the image, as YOLOv5's {@code
   * detect.py} does: ratio and padding are computed from the two sizes, so they can differ by a
   * fraction of a pixel from those of the letterbox.
   *
   * @param scored its boxes are overwritten
   * @param inputWidth of the letterboxed image
   * @param inputHeight of the letterboxed image
   * @param width of the original image
   * @param height of the original image
   */
  public static void toOriginal(
      ScoredBoxes scored, int inputWidth, int inputHeight, int width, int height) {
    double gain = Math.min((double) inputHeight / height, (double) inputWidth / width);
    double padX = (inputWidth - width * gain) / 2;
    double padY = (inputHeight - height * gain) / 2;
    toOriginal(scored, gain, padX, padY, width, height);
  }

  /**
   * Maps boxes from letterboxed to original pixels and clips them to the image, as YOLOv5's {@code
   * val.py} does: with the ratio and padding of the letterbox.
   *
   * @param scored its boxes are overwritten
   * @param gain letterboxed pixels per original pixel (YOLOv5 uses the height's for both axes)
   * @param padX padding on the left, in letterboxed pixels, may end in .5
   * @param padY padding above
   * @param width of the original image
   * @param height of the original image
   */
  public static void toOriginal(
      ScoredBoxes scored, double gain, double padX, double padY, int width, int height) {
    float[] boxes = scored.boxes();
    float divisor = (float) gain;
    float left = (float) padX;
    float top = (float) padY;
    for (int i = 0; i < 4 * scored.count(); i += 2) {
      boxes[i] = clip((boxes[i] - left) / divisor, width);
      boxes[i + 1] = clip((boxes[i + 1] - top) / divisor, height);
    }
  }

  private static float clip(float value, int max) {
    return Math.max(0f, Math.min(value, max));
  }
}
