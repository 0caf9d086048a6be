package ai.irmb.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that appears complete or not at all: it is written beside and then renamed. After an error
 * an older one of the name is untouched and nothing is left behind.
 */
public final class WholeFile {
  private WholeFile() {}

  /** Writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * Makes the file, which does not exist yet.
     *
     * @throws IOException if the file system fails
     */
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes a file, or replaces one.
   *
   * @param target in a folder that exists
   * @throws IOException if the file system fails
   */
  public static void write(Path target, Content content) throws IOException {
    Path beside =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      content.writeTo(beside);
      move(beside, target);
    } catch (IOException | RuntimeException | Error e) {
      remove(beside, e);
      throw e;
    }
  }

  /**
   * Writes a text file in UTF-8, or replaces one.
   *
   * @param target in a folder that exists
   * @param text without the line end that is put behind it
   * @throws IOException if the file system fails
   */
  public static void writeLine(Path target, String text) throws IOException {
    String line = text + System.lineSeparator();
    write(target, beside -> Files.writeString(beside, line, StandardCharsets.UTF_8));
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void remove(Path beside, Throwable reason) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException second) {
      reason.addSuppressed(second);
    }
  }
}
