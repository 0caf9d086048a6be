package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import java.io.IOException;

/** A video file that is being written. Owns native memory. Not safe for concurrent use. */
public interface FrameWriter extends AutoCloseable {
  /**
   * Adds a frame.
   *
   * @param image of the size of the video; not modified
   * @throws ImageException if it has another size or cannot be encoded
   */
  void add(RgbImage image);

  /**
   * Completes the video; only then the file exists under its name.
   *
   * @throws IOException if the file system fails
   * @throws ImageException if it cannot be encoded
   */
  void finish() throws IOException;

  /** Releases native memory, and removes the video unless it was finished. */
  @Override
  void close() throws IOException;
}
