package ai.irmb.internal.cli;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A sequence of decoded images. Not safe for concurrent use. */
interface ImageSource extends AutoCloseable {
  /**
   * A decoded image or the reason why it could not be read.
   *
   * @param image null if it could not be read
   * @param failure null if it could
   */
  record LoadedImage(Input input, @Nullable RgbImage image, @Nullable Exception failure) {
    /**
     * {@return the image}
     *
     * @throws IOException if the file could not be read
     * @throws ImageException if the file is not a readable image
     */
    RgbImage imageOrThrow() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      return Objects.requireNonNull(image, "image");
    }
  }

  /** {@return the next image, or null after the last} */
  @Nullable LoadedImage next();

  @Override
  void close();
}
