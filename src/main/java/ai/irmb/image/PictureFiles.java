package ai.irmb.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What counts as a picture in a folder of many files. */
public final class PictureFiles {
  private PictureFiles() {}

  /** {@return whether this is a file, named like a picture that can be read} */
  public static boolean isPicture(Path file) {
    return isNamedAsPicture(file) && Files.isRegularFile(file);
  }

  /** {@return whether a file of this name, if there is one, counts as a picture} */
  public static boolean isNamedAsPicture(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.matches("(?s).*\\.(jpe?g|png|bmp|gif)");
  }
}
