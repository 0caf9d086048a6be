package ai.irmb.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creation of folders for output files. */
final class Directories {
  private Directories() {}

  /** Creates the parent folders of a file. */
  static void createParents(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }
}
