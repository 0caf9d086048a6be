package ai.irmb.internal.postprocess;

import ai.irmb.internal.geometry.LetterboxInverse;

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
   * Maps boxes from letterboxed to original pixels and clips them to the image, as {@code
   * scale_boxes} does.
   *
   * @param scored its boxes are overwritten
   */
  public static void toOriginal(ScoredBoxes scored, LetterboxInverse inverse) {
    float[] boxes = scored.boxes();
    float divisor = (float) inverse.ratio();
    float left = (float) inverse.padX();
    float top = (float) inverse.padY();
    for (int i = 0; i < 4 * scored.count(); i += 2) {
      boxes[i] = clip((boxes[i] - left) / divisor, inverse.width());
      boxes[i + 1] = clip((boxes[i + 1] - top) / divisor, inverse.height());
    }
  }

  private static float clip(float value, int max) {
    return Math.max(0f, Math.min(value, max));
  }
}
