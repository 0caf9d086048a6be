package ai.irmb.internal.checkpoint;

import java.nio.file.Path;

/** The files of weights that the project has of its own, see their README. */
public final class Fixtures {
  private Fixtures() {}

  /** {@return a file of {@code src/test/resources/reference/weights}} */
  public static Path path(String name) {
    return Path.of("src/test/resources/reference/weights", name);
  }
}
