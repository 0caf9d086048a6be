package ai.irmb;

/**
 * A rectangle in pixels of the original image, whose upper left corner is (0, 0). Immutable.
 *
 * @param x1 left side, at least 0
 * @param y1 upper side, at least 0
 * @param x2 right side, at least {@code x1}, at most the image's width
 * @param y2 lower side, at least {@code y1}, at most the image's height
 */
public record Box(float x1, float y1, float x2, float y2) {
  /**
   * @throws IllegalArgumentException if a side is NaN, or {@code x1 > x2} or {@code y1 > y2}
   */
  public Box {
    if (!(x1 <= x2 && y1 <= y2)) {
      throw new IllegalArgumentException(
          "not a box: x from " + x1 + " to " + x2 + ", y from " + y1 + " to " + y2);
    }
  }

  /** {@return the width in pixels} */
  public float width() {
    return x2 - x1;
  }

  /** {@return the height in pixels} */
  public float height() {
    return y2 - y1;
  }

  /** {@return the area in square pixels} */
  public float area() {
    return width() * height();
  }

  /** {@return intersection over union with another box, in [0, 1]; 0 when both are empty} */
  public float iou(Box other) {
    float intersection = intersection(other);
    float union = area() + other.area() - intersection;
    return union > 0 ? intersection / union : 0;
  }

  /** {@return the area of the intersection with another box, in square pixels} */
  float intersection(Box other) {
    float w = Math.max(Math.min(x2, other.x2) - Math.max(x1, other.x1), 0);
    float h = Math.max(Math.min(y2, other.y2) - Math.max(y1, other.y1), 0);
    return w * h;
  }
}
