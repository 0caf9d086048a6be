package ai.irmb.internal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that appears complete or not at all: it is written beside and then renamed. After an error
 * an older one of the name is untouched and nothing is left behind.
 */
public final class AtomicFile {
  private AtomicFile() {}

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
   * @throws IOException if the file system fails; it never names the file beside
   */
  public static void write(Path target, Content content) throws IOException {
    String folder = String.valueOf(target.toAbsolutePath().getParent());
    try (Pending pending = begin(target)) {
      content.writeTo(pending.file());
      pending.finish();
    } catch (NoSuchFileException e) {
      throw (IOException) new NoSuchFileException(folder).initCause(e);
    } catch (AccessDeniedException e) {
      throw (IOException) new AccessDeniedException(folder).initCause(e);
    }
  }

  /**
   * {@return a file that is written bit by bit and appears when it is finished}
   *
   * @param target in a folder that exists
   */
  public static Pending begin(Path target) {
    Path beside =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    return new Pending(beside, target);
  }

  /** A file that is not there yet. Not safe for concurrent use. */
  public static final class Pending implements AutoCloseable {
    private final Path beside;
    private final Path target;

    private Pending(Path beside, Path target) {
      this.beside = beside;
      this.target = target;
    }

    /** {@return where to write meanwhile; it does not exist yet} */
    public Path file() {
      return beside;
    }

    /**
     * Gives the file its name. Whoever wrote it has closed it.
     *
     * @throws IOException if the file system fails
     */
    public void finish() throws IOException {
      move(beside, target);
    }

    /** Removes what was written, unless it was finished. */
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(beside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
