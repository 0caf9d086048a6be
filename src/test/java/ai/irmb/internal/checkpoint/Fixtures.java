package ai.irmb.internal.checkpoint;

import java.nio.file.Path;

/** The weights files among the test resources; see the README there. */
public final class Fixtures {
  private Fixtures() {}

  /** {@return a file of {@code src/test/resources/reference/weights}} */
  public static Path path(String name) {
    return Path.of("src/test/resources/reference/weights", name);
  }
}
