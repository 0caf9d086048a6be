package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import org.jspecify.annotations.Nullable;

/** The frames of a video or a camera, in order. Owns native memory. Not safe for concurrent use. */
public interface FrameReader extends AutoCloseable {
  /**
   * {@return the next frame, upright, or null after the last one}
   *
   * @throws ImageException if it cannot be decoded
   */
  @Nullable RgbImage next();

  /** {@return the frames per second that the source declares; at least 1} */
  double frameRate();

  /** {@return the number of frames that the source declares; 0 if it does not} */
  int frameCount();

  /** Releases the source. A second call does nothing. */
  @Override
  void close();
}
