package ai.irmb;

import java.nio.file.Path;

/**
 * Receives the images of a validation, on the thread that called {@link Detector#validate}. A
 * method that is not overridden does nothing.
 */
public interface ValidationListener {
  /**
   * Called once, before the first image.
   *
   * @param images number of images in the split
   */
  default void onStart(int images) {}

  /**
   * Called for each image, batch by batch.
   *
   * @param image the file
   * @param detections in pixels of the image, without masks
   */
  default void onResult(Path image, Detections detections) {}

  /**
   * Called for each image that is left out, as YOLOv5 does: it cannot be read, or a side is shorter
   * than 10 pixels.
   *
   * @param image the file
   * @param reason a sentence that names the file
   */
  default void onSkipped(Path image, String reason) {}
}
