package ai.irmb.internal.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The names of this process's temporary files. They are reused, so that all can be registered for
 * deletion when the JVM exits, also by a signal. The registration is the JDK's, which runs after
 * all shutdown hooks, so that hooks can still finish files. Safe for concurrent use.
 */
final class TemporaryNames {
  private static final TemporaryNames PROCESS = new TemporaryNames();

  private final String prefix = ".irmb-" + UUID.randomUUID() + "-";
  private final Set<Path> taken = new HashSet<>();

  static TemporaryNames ofProcess() {
    return PROCESS;
  }

  /**
   * {@return a file in a folder that does not exist yet, until it is released}
   *
   * @throws IOException if the JVM is about to exit
   */
  synchronized Path take(Path folder) throws IOException {
    int number = 0;
    Path file = folder.resolve(prefix + number + ".tmp");
    while (!taken.add(file)) {
      number++;
      file = folder.resolve(prefix + number + ".tmp");
    }
    try {
      file.toFile().deleteOnExit();
    } catch (IllegalStateException e) {
      taken.remove(file);
      throw new IOException("the program is ending", e);
    }
    return file;
  }

  synchronized void release(Path file) {
    taken.remove(file);
  }
}
