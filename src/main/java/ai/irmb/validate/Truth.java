package ai.irmb.validate;

import ai.irmb.validate.LabelledPicture.Label;
import java.util.List;

/** The objects in a picture, in its pixels. The arrays are shared; nobody writes to them. */
final class Truth {
  private final float[] boxes;
  private final int[] classes;

  private Truth(float[] boxes, int[] classes) {
    this.boxes = boxes;
    this.classes = classes;
  }

  /**
   * {@return labels as boxes}
   *
   * @param labels in parts of the picture's sides
   * @param scaleX what the parts are of, in pixels: the width, but for rounding
   * @param scaleY likewise the height
   * @param width of the picture, which no box leaves
   * @param height likewise
   */
  static Truth of(List<Label> labels, double scaleX, double scaleY, int width, int height) {
    float[] boxes = new float[4 * labels.size()];
    int[] classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      Label label = labels.get(i);
      classes[i] = label.classId();
      boxes[4 * i] = inside((label.x() - label.width() / 2) * scaleX, width);
      boxes[4 * i + 1] = inside((label.y() - label.height() / 2) * scaleY, height);
      boxes[4 * i + 2] = inside((label.x() + label.width() / 2) * scaleX, width);
      boxes[4 * i + 3] = inside((label.y() + label.height() / 2) * scaleY, height);
    }
    return new Truth(boxes, classes);
  }

  private static float inside(double value, int most) {
    return (float) Math.min(Math.max(value, 0), most);
  }

  int count() {
    return classes.length;
  }

  /** {@return (n, 4), corners x1 y1 x2 y2} */
  float[] boxes() {
    return boxes;
  }

  /** {@return (n)} */
  int[] classes() {
    return classes;
  }
}
