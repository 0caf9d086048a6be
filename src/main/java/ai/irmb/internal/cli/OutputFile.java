package ai.irmb.internal.cli;

import ai.irmb.internal.file.FileNames;
import java.nio.file.Path;
import java.util.Set;

/**
 * The value of an option that names a text file to write; {@code -} is standard output.
 *
 * @param path as given
 */
record OutputFile(Path path) {
  private static final Set<String> STANDARD_OUTPUT =
      Set.of("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

  boolean isStandardOutput() {
    return STANDARD_OUTPUT.contains(path.toString());
  }

  /** {@return the name in messages} */
  String name() {
    return isStandardOutput() ? "standard output" : FileNames.text(path);
  }
}
