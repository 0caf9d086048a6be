package ai.irmb.internal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Checks the name of an output file before the work. */
final class OutputNames {
  private OutputNames() {}

  /**
   * @throws IllegalArgumentException if a file's name has another extension, because readers choose
   *     the format by it; devices and pipes may have any name
   */
  static void check(Path out, String extension) {
    String name = out.toString().toLowerCase(Locale.ROOT);
    boolean isDevice = Files.exists(out) && !Files.isRegularFile(out) && !Files.isDirectory(out);
    if (!isDevice && !name.endsWith(extension)) {
      throw new IllegalArgumentException(
          "OUT: expected a name that ends with " + extension + ", found " + out);
    }
  }
}
