package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import java.io.IOException;

/** A video that is being written. Owns native memory; not for concurrent use. */
public interface FrameWriter extends AutoCloseable {
  /**
   * Adds an image.
   *
   * @param image of the video's size; not modified
   * @throws ImageException if it is of another size or cannot be encoded
   */
  void add(RgbImage image);

  /**
   * Ends the video, which appears under its name.
   *
   * @throws IOException if the file system fails
   * @throws ImageException if it cannot be encoded
   */
  void finish() throws IOException;

  /** Releases what is native, and removes the video unless it was finished. */
  @Override
  void close() throws IOException;
}
