package ai.irmb.internal.cli;

import ai.irmb.internal.file.AtomicFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file that appears under its name only when it is complete; its folder is created. Not safe
 * for concurrent use.
 */
final class AtomicTextFile implements AutoCloseable {
  private final Path target;
  private final AtomicFile.PendingFile pending;
  private final Writer writer;

  private AtomicTextFile(Path target, AtomicFile.PendingFile pending, Writer writer) {
    this.target = target;
    this.pending = pending;
    this.writer = writer;
  }

  static AtomicTextFile open(Path target) throws IOException {
    try {
      Directories.createParents(target);
      AtomicFile.PendingFile pending = AtomicFile.begin(target);
      return new AtomicTextFile(
          target, pending, Files.newBufferedWriter(pending.file(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw notWritten(target, e);
    }
  }

  /** Writes a complete file. */
  static void write(Path target, String text) throws IOException {
    try (AtomicTextFile file = open(target)) {
      file.append(text);
      file.finish();
    }
  }

  void append(String text) throws IOException {
    try {
      writer.append(text);
    } catch (IOException e) {
      throw notWritten(target, e);
    }
  }

  void finish() throws IOException {
    try {
      writer.close();
      pending.finish();
    } catch (IOException e) {
      throw notWritten(target, e);
    }
  }

  /** Deletes the file unless it is finished. */
  @Override
  public void close() throws IOException {
    writer.close();
    pending.close();
  }

  private static IOException notWritten(Path target, IOException e) {
    return new FileSystemException(target.toString(), null, "was not written: " + Main.reason(e));
  }
}
