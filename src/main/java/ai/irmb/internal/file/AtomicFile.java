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
 * Writes a file atomically: into a temporary file in the same folder, which is then renamed. After
 * an error an existing file is unchanged, and no temporary file is left.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** The content of a file. */
  @FunctionalInterface
  public interface FileContent {
    /**
     * Writes the content to a file, which does not exist yet.
     *
     * @throws IOException if the file system fails
     */
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param target in an existing folder
   * @throws IOException if the file system fails; the message never names the temporary file
   */
  public static void write(Path target, FileContent content) throws IOException {
    String folder = String.valueOf(target.toAbsolutePath().getParent());
    try (PendingFile pending = begin(target)) {
      content.writeTo(pending.file());
      pending.finish();
    } catch (NoSuchFileException e) {
      throw (IOException) new NoSuchFileException(folder).initCause(e);
    } catch (AccessDeniedException e) {
      throw (IOException) new AccessDeniedException(folder).initCause(e);
    }
  }

  /**
   * {@return a file that is written incrementally, and exists under its name once it is finished}
   *
   * @param target in a folder that exists
   */
  public static PendingFile begin(Path target) {
    Path beside =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    return new PendingFile(beside, target);
  }

  /** A file that is being written. Not safe for concurrent use. */
  public static final class PendingFile implements AutoCloseable {
    private final Path beside;
    private final Path target;

    private PendingFile(Path beside, Path target) {
      this.beside = beside;
      this.target = target;
    }

    /** {@return the temporary file to write to; it does not exist yet} */
    public Path file() {
      return beside;
    }

    /**
     * Renames the temporary file, which must be closed, to its final name.
     *
     * @throws IOException if the file system fails
     */
    public void finish() throws IOException {
      move(beside, target);
    }

    /** Removes the temporary file, unless it was finished. */
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
