package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.Map;

/** A consumer of the detections of many images. Not safe for concurrent use. */
interface Output extends AutoCloseable {
  /** Receives the model's class names before the first image. */
  default void start(Map<Integer, String> names) {}

  /**
   * Adds the detections of the next image.
   *
   * @throws IOException if a file cannot be written
   */
  void add(Input input, RgbImage image, Detections found) throws IOException;

  /** Completes the output after the last image. */
  default void finish() throws IOException {}

  /** Discards the output unless it is complete. */
  @Override
  default void close() throws IOException {}
}
