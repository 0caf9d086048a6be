package ai.irmb.cli;

import java.nio.file.Path;

/**
 * A picture that is asked for.
 *
 * @param given what the user calls it, fit for a terminal
 * @param file where it is
 * @param name what its outputs are called, without an extension; folders are separated by slashes,
 *     and no other input has the same
 */
record Input(String given, Path file, String name) {
  /** {@return the file's name without its folders} */
  String fileName() {
    return String.valueOf(file.getFileName());
  }

  /** {@return the name's last part} */
  String shortName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
