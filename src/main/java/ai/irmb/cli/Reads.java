package ai.irmb.cli;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pictures that are decoded while somebody is busy with those before. Not for concurrent use. */
interface Reads extends AutoCloseable {
  /**
   * A picture or why there is none.
   *
   * @param picture null if it could not be read
   * @param failure null if it could
   */
  record Read(Input input, @Nullable RgbImage picture, @Nullable Exception failure) {
    /**
     * {@return the picture}
     *
     * @throws IOException if the file could not be read
     * @throws ImageException if it is none that is read
     */
    RgbImage pictureOrFail() throws IOException {
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      return Objects.requireNonNull(picture, "picture");
    }
  }

  /** {@return the next picture, or null after the last} */
  @Nullable Read next();

  @Override
  void close();
}
