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
   * {@return whether the detections have masks, by the rule of YOLOv5's {@code segment/val.py
   * --save-json}; they are expensive, and false by default}
   */
  default boolean wantsMasks() {
    return false;
  }

  /**
   * Called for each image, batch by batch.
   *
   * @param image the file
   * @param detections in pixels of the image; with masks if they are wanted and the model has them
   */
  default void onResult(Path image, Detections detections) {}

  /**
   * Called for each image that is left out, as YOLOv5 does: it cannot be read, a side is shorter
   * than 10 pixels, or a row of its labels is malformed.
   *
   * @param image the file
   * @param reason a sentence that names the file, or the label file and the line
   */
  default void onSkipped(Path image, String reason) {}

  /**
   * Called for each oddity of the data set that leaves no image out, such as label rows that repeat
   * another.
   *
   * @param message a sentence that names the file
   */
  default void onWarning(String message) {}
}
