package ai.irmb.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of what is about to be written. */
final class Directories {
  private Directories() {}

  /** Makes the folder that a file is to lie in, and those above it. */
  static void createParents(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }
}
