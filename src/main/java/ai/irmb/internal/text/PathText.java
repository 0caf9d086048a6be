package ai.irmb.internal.text;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Resolves paths that a file contains. */
public final class PathText {
  /** The longest path that Linux opens. The JDK's {@code normalize} takes quadratic time. */
  private static final int MAX_LENGTH = 4096;

  private PathText() {}

  /**
   * {@return the path, relative to a folder unless it is absolute, without {@code .} and {@code
   * ..}}
   *
   * @throws InvalidPathException if it cannot be a path, or is longer than 4096 characters
   */
  public static Path resolve(Path folder, String path) {
    if (path.length() > MAX_LENGTH) {
      throw new InvalidPathException("…", "it is longer than " + MAX_LENGTH + " characters");
    }
    return folder.resolve(path).normalize();
  }
}
