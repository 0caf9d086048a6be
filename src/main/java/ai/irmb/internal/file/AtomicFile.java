package ai.irmb.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Writes a file atomically: into a temporary file in the same folder, which is then renamed. After
 * an error or a signal an existing file is unchanged, and no temporary file is left.
 *
 * <p>Of a symbolic link, the target is written. Devices, pipes and open descriptors ({@code
 * /dev/fd/3}) are written to, never replaced.
 */
public final class AtomicFile {
  private static final int MAX_LINKS = 40;

  private AtomicFile() {}

  /** The content of a file. */
  @FunctionalInterface
  public interface FileContent {
    /**
     * Writes the content; the stream is unbuffered and stays open.
     *
     * @throws IOException if the file system fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param target in an existing folder
   * @throws IOException if the file system fails; the message never names the temporary file
   */
  public static void write(Path target, FileContent content) throws IOException {
    try (PendingFile pending = begin(target)) {
      try (OutputStream out = pending.open()) {
        content.writeTo(out);
      }
      pending.finish();
    }
  }

  /**
   * {@return a file that is written incrementally, and exists under its name once it is finished}
   *
   * @param target in a folder that exists
   * @throws IOException if the target is a folder, or a link that cannot be followed
   */
  public static PendingFile begin(Path target) throws IOException {
    Path at = target.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (isOpenDescriptor(at)) {
        return new PendingFile(at, at, false);
      }
      if (links == MAX_LINKS) {
        throw new FileSystemException(target.toString(), null, "the links have no end");
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    if (Files.isDirectory(at)) {
      throw new FileSystemException(target.toString(), null, "this is a folder, not a file");
    }
    if (Files.exists(at) && Files.readAttributes(at, BasicFileAttributes.class).isOther()) {
      return new PendingFile(at, at, false);
    }
    Path folder = at.getParent();
    if (folder == null) {
      throw new FileSystemException(target.toString(), null, "this is no file");
    }
    return new PendingFile(TemporaryNames.ofProcess().take(folder), at, true);
  }

  /** {@return whether a link is one that Linux makes for an open file, such as /proc/self/fd/1} */
  private static boolean isOpenDescriptor(Path link) throws IOException {
    Path folder = link.getParent();
    return folder != null && folder.toRealPath().startsWith("/proc");
  }

  /** A file that is being written. Not safe for concurrent use. */
  public static final class PendingFile implements AutoCloseable {
    private final Path file;
    private final Path target;
    private final boolean isTemporary;

    private PendingFile(Path file, Path target, boolean isTemporary) {
      this.file = file;
      this.target = target;
      this.isTemporary = isTemporary;
    }

    /**
     * {@return the file to write to: a temporary file, which does not exist yet, or a device or
     * pipe}
     */
    public Path file() {
      return file;
    }

    /**
     * {@return a stream to the file, for the caller to close}
     *
     * @throws IOException if the file system fails; the message names the folder instead of the
     *     temporary file
     */
    public OutputStream open() throws IOException {
      if (!isTemporary) {
        return Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      }
      String folder = String.valueOf(file.getParent());
      try {
        return Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      } catch (NoSuchFileException e) {
        throw (IOException) new NoSuchFileException(folder).initCause(e);
      } catch (AccessDeniedException e) {
        throw (IOException) new AccessDeniedException(folder).initCause(e);
      }
    }

    /**
     * Renames the temporary file, which must be closed, to its final name.
     *
     * @throws IOException if the file system fails
     */
    public void finish() throws IOException {
      if (isTemporary) {
        move(file, target);
      }
    }

    /** Removes the temporary file, unless it was finished. */
    @Override
    public void close() throws IOException {
      if (isTemporary) {
        Files.deleteIfExists(file);
        TemporaryNames.ofProcess().release(file);
      }
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
