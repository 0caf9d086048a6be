package ai.irmb.internal.validate;

import ai.irmb.internal.validate.LabeledImage.Label;
import java.util.List;

/**
 * The labeled objects of an image, in its pixels. The arrays are shared and must not be written.
 */
final class GroundTruth {
  private final float[] boxes;
  private final int[] classes;

  private GroundTruth(float[] boxes, int[] classes) {
    this.boxes = boxes;
    this.classes = classes;
  }

  /**
   * {@return the boxes of labels, clipped to the image}
   *
   * @param labels relative to the image's size
   * @param scaleX pixels of a relative width of 1: the image's width, up to rounding
   * @param scaleY pixels of a relative height of 1: the image's height, up to rounding
   * @param width of the image
   * @param height of the image
   */
  static GroundTruth of(List<Label> labels, double scaleX, double scaleY, int width, int height) {
    float[] boxes = new float[4 * labels.size()];
    int[] classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      Label label = labels.get(i);
      classes[i] = label.classId();
      boxes[4 * i] = clip((label.x() - label.width() / 2) * scaleX, width);
      boxes[4 * i + 1] = clip((label.y() - label.height() / 2) * scaleY, height);
      boxes[4 * i + 2] = clip((label.x() + label.width() / 2) * scaleX, width);
      boxes[4 * i + 3] = clip((label.y() + label.height() / 2) * scaleY, height);
    }
    return new GroundTruth(boxes, classes);
  }

  private static float clip(double value, int max) {
    return (float) Math.min(Math.max(value, 0), max);
  }

  /** {@return the number of objects, n} */
  int count() {
    return classes.length;
  }

  /** {@return (n, 4), corners x1 y1 x2 y2} */
  float[] boxes() {
    return boxes;
  }

  /** {@return (n), class ids} */
  int[] classes() {
    return classes;
  }
}
