package ai.irmb.internal.validate;

import ai.irmb.internal.validate.LabeledImage.ImageLabel;
import java.util.List;

/** The objects in an image, in its pixels. The arrays are shared; nobody writes to them. */
public final class Truth {
  private final float[] boxes;
  private final int[] classes;

  private Truth(float[] boxes, int[] classes) {
    this.boxes = boxes;
    this.classes = classes;
  }

  /**
   * {@return labels as boxes}
   *
   * @param labels in parts of the image's sides
   * @param scaleX what the parts are of, in pixels: the width, but for rounding
   * @param scaleY likewise the height
   * @param width of the image, which no box leaves
   * @param height likewise
   */
  static Truth of(List<ImageLabel> labels, double scaleX, double scaleY, int width, int height) {
    float[] boxes = new float[4 * labels.size()];
    int[] classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      ImageLabel label = labels.get(i);
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
  public float[] boxes() {
    return boxes;
  }

  /** {@return (n)} */
  public int[] classes() {
    return classes;
  }
}
