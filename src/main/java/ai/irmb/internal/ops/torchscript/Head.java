package ai.irmb.internal.ops.torchscript;

/**
 * What the channels of a raw detection map are: (N, anchors · (5 + classes + masks), H, W), for
 * each anchor x, y, width, height, objectness, the classes, the mask coefficients. Immutable.
 *
 * @param anchors boxes at each position
 * @param classes class scores of each box
 * @param masks mask coefficients of each box, 0 where the network only detects
 */
public record Head(int anchors, int classes, int masks) {
  /** {@return the numbers that one box has} */
  public int columns() {
    return 5 + classes + masks;
  }

  /** {@return how many of them are logits, to which the sigmoid applies} */
  public int logits() {
    return 5 + classes;
  }
}
