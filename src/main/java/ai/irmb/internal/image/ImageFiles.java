package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What counts as an image in a folder of many files. */
public final class ImageFiles {
  private ImageFiles() {}

  /** {@return whether this is a file, named like an image that can be read} */
  public static boolean isImage(Path file) {
    return isNamedAsImage(file) && Files.isRegularFile(file);
  }

  /**
   * {@return the bytes of an image; who asks closes it}
   *
   * @throws ImageException if this is something that might never end
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

  /** {@return whether a file of this name, if there is one, counts as an image} */
  public static boolean isNamedAsImage(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.matches("(?s).*\\.(jpe?g|png|bmp|gif)");
  }
}
