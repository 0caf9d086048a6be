package ai.irmb.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of reference data beside the checkout, which need not be there. */
public final class Shared {
  private Shared() {}

  /** {@return a file of the folder; the test is skipped if the folder is not there} */
  public static Path path(String relative) {
    String folder = System.getProperty("irmb.shared", "");
    Assumptions.assumeTrue(!folder.isBlank(), "irmb.shared is not set");
    return Path.of(folder).resolve(relative);
  }

  /**
   * {@return a folder of reference data: the complete one where the shared folder is there, else
   * the subset that is committed; the test is skipped if there is none}
   *
   * @param name of the folder, such as {@code blocks}
   */
  public static Path reference(String name) {
    Path committed = Path.of("src/test/resources/reference", name);
    return isThere() || !Files.isDirectory(committed) ? path("reference/" + name) : committed;
  }

  /** {@return whether the shared folder is there} */
  public static boolean isThere() {
    return !System.getProperty("irmb.shared", "").isBlank();
  }

  /** {@return a JSON file, parsed} */
  public static JsonElement json(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return JsonParser.parseReader(reader);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
