package ai.irmb.internal.cli;

import ai.irmb.image.RgbImage;
import java.io.IOException;

/** Something that is made of the detections of many images. Not safe for concurrent use. */
interface Output extends AutoCloseable {
  /**
   * Takes the next image.
   *
   * @throws IOException if something cannot be written
   */
  void add(Input input, RgbImage image, TrackedDetections found) throws IOException;

  /** After the last image. */
  default void finish() throws IOException {}

  /** Gives up what is not finished. */
  @Override
  default void close() throws IOException {}
}
