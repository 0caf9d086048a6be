package ai.irmb.video;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import org.jspecify.annotations.Nullable;

/** The images of a video or a camera, in order. Owns native memory; not for concurrent use. */
public interface FrameReader extends AutoCloseable {
  /**
   * {@return the next image, upright, or null after the last}
   *
   * @throws ImageException if it cannot be decoded
   */
  @Nullable RgbImage next();

  /** {@return images a second, as the source says it; at least 1} */
  double frameRate();

  /** {@return how many images there are, as the source says it; 0 if it does not} */
  int frameCount();

  /** Releases the source. A second call does nothing. */
  @Override
  void close();
}
