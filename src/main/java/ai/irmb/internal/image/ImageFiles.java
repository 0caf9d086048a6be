package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Access to the bytes of image files. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * {@return the bytes of an image file; the caller closes the stream}
   *
   * @throws ImageException if this is a folder, pipe or device, which might never end
   */
  public static InputStream open(Path file) throws IOException {
    if (Files.exists(requireNonNull(file, "file")) && !Files.isRegularFile(file)) {
      throw new ImageException(
          file.getFileName()
              + ": this is a folder, pipe or device, not an image; an image that comes through a"
              + " pipe is read from an InputStream");
    }
    return Files.newInputStream(file);
  }
}
