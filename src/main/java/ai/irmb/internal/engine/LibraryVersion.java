package ai.irmb.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this library, as the build writes it. */
public final class LibraryVersion {
  private static final String FILE = "versions.properties";

  private LibraryVersion() {}

  /** {@return the version in pom.xml} */
  public static String get() {
    return properties().getProperty("library", "");
  }

  /** {@return the versions that the build knows} */
  static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = LibraryVersion.class.getResourceAsStream(FILE)) {
      properties.load(Objects.requireNonNull(in, FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
