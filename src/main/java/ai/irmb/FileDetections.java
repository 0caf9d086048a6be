package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The detections in one of several image files, or the reason why it could not be read. Immutable.
 *
 * @param file the image file
 * @param detections null if the file could not be read
 * @param failure an {@link IOException} or an {@link ImageException}; null if the file could be
 *     read
 */
public record FileDetections(
    Path file, @Nullable Detections detections, @Nullable Exception failure) {
  /** Checks that there are either detections or a failure. */
  public FileDetections {
    requireNonNull(file, "file");
    if ((detections == null) == (failure == null)) {
      throw new IllegalArgumentException("expected either detections or a failure");
    }
  }

  /**
   * {@return the detections}
   *
   * @throws IOException if the file could not be read
   * @throws ImageException if it is not an image, or exceeds the limits
   */
  public Detections orThrow() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    return requireNonNull(detections, "detections");
  }
}
