package ai.irmb.cli;

import ai.irmb.image.RgbImage;
import java.io.IOException;

/** Something that is made of the detections of many pictures. Not safe for concurrent use. */
interface Output extends AutoCloseable {
  /**
   * Takes the next picture.
   *
   * @throws IOException if something cannot be written
   */
  void add(Input input, RgbImage picture, Found found) throws IOException;

  /** After the last picture. */
  default void finish() throws IOException {}

  /** Gives up what is not finished. */
  @Override
  default void close() throws IOException {}
}
