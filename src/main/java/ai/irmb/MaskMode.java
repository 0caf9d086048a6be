package ai.irmb;

/** How a segmentation model's masks are made; a model that gives boxes alone has none. */
public enum MaskMode {
  /** None are made. */
  OFF,
  /**
   * As upstream's {@code segment/predict.py} does by default: cut off at the box where the
   * prototypes are, grown to the network's input, compared with one half, and then resized to the
   * image.
   */
  STANDARD,
  /**
   * As upstream does with {@code --retina-masks}: grown to the image, cut off at the box there,
   * compared with one half. Finer sides; dearer for a large image.
   */
  RETINA
}
