package ai.irmb;

/** The method that computes masks; it has no effect on a model without segmentation. */
public enum MaskMode {
  /** No masks. */
  OFF,
  /**
   * The default of YOLOv5's {@code segment/predict.py}: cropped to the box at the prototypes'
   * resolution, upsampled to the network's input, thresholded at 0.5, then resized to the image.
   */
  STANDARD,
  /**
   * YOLOv5's {@code --retina-masks}: upsampled to the image, cropped to the box there, thresholded
   * at 0.5. Finer outlines; more expensive for a large image.
   */
  RETINA
}
