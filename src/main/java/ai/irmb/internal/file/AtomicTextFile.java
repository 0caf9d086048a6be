package ai.irmb.internal.file;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A text file in UTF-8 that appears under its name only when it is complete; its folder is created.
 * Not safe for concurrent use.
 */
public final class AtomicTextFile extends Writer {
  private final String name;
  private final Writer writer;
  private final AtomicFile.PendingFile pending;

  private AtomicTextFile(String name, Writer writer, AtomicFile.PendingFile pending) {
    this.name = name;
    this.writer = writer;
    this.pending = pending;
  }

  /**
   * {@return the file, for the caller to finish and close}
   *
   * @throws IOException if it cannot be written
   */
  public static AtomicTextFile open(Path target) throws IOException {
    try {
      Directories.createParents(target);
      AtomicFile.PendingFile pending = AtomicFile.begin(target);
      return new AtomicTextFile(
          target.toString(),
          new BufferedWriter(new OutputStreamWriter(pending.open(), StandardCharsets.UTF_8)),
          pending);
    } catch (IOException e) {
      throw notWritten(target.toString(), e);
    }
  }

  /** Writes a complete file. */
  public static void write(Path target, String text) throws IOException {
    try (AtomicTextFile file = open(target)) {
      file.write(text);
      file.finish();
    }
  }

  @Override
  public void write(char[] chars, int offset, int count) throws IOException {
    try {
      writer.write(chars, offset, count);
    } catch (IOException e) {
      throw notWritten(name, e);
    }
  }

  /** Passes on what is buffered, for the readers of a pipe. */
  @Override
  public void flush() throws IOException {
    try {
      writer.flush();
    } catch (IOException e) {
      throw notWritten(name, e);
    }
  }

  /** Completes the file; only then it exists under its name. */
  public void finish() throws IOException {
    try {
      writer.close();
      pending.finish();
    } catch (IOException e) {
      throw notWritten(name, e);
    }
  }

  /** Deletes the file unless it is finished. */
  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } catch (IOException e) {
      throw notWritten(name, e);
    } finally {
      // Also on a full disk, where the writer cannot be closed.
      pending.close();
    }
  }

  private static IOException notWritten(String name, IOException e) {
    return new FileSystemException(name, null, "was not written: " + FileErrors.reason(e));
  }
}
