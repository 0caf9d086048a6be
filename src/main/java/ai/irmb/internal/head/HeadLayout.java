package ai.irmb.internal.head;

/**
 * The channels of a raw detection map (N, anchors · (5 + classes + masks), H, W): for each anchor
 * x, y, width, height, objectness, the classes, the mask coefficients. Immutable.
 *
 * @param anchors anchors per cell
 * @param classes number of classes
 * @param masks mask coefficients per anchor, 0 for a model without masks
 */
public record HeadLayout(int anchors, int classes, int masks) {
  /** Values of a prediction before those of the classes: x, y, width, height and objectness. */
  public static final int FIRST_CLASS = 5;

  /** {@return the number of values of a prediction} */
  public int valuesPerAnchor() {
    return FIRST_CLASS + classes + masks;
  }

  /**
   * {@return the number of values to which the sigmoid is applied; the mask coefficients follow}
   */
  public int probabilitiesPerAnchor() {
    return FIRST_CLASS + classes;
  }
}
