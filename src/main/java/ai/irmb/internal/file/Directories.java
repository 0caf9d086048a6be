package ai.irmb.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creation of folders for output files. */
public final class Directories {
  private Directories() {}

  /** Creates the parent folders of a file. */
  public static void createParents(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }
}
