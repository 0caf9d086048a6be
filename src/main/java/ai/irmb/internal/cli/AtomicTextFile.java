package ai.irmb.internal.cli;

import ai.irmb.internal.file.AtomicFile;
import ai.irmb.internal.file.FileErrors;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text file that appears under its name only when it is complete; its folder is created. Or
 * standard output. Not safe for concurrent use.
 */
final class AtomicTextFile implements AutoCloseable {
  private final String name;
  private final Writer writer;
  private final AtomicFile.@Nullable PendingFile pending;

  private AtomicTextFile(String name, Writer writer, AtomicFile.@Nullable PendingFile pending) {
    this.name = name;
    this.writer = writer;
    this.pending = pending;
  }

  static AtomicTextFile open(OutputFile target, Console console) throws IOException {
    return target.isStandardOutput()
        ? new AtomicTextFile(target.name(), console.data(), null)
        : open(target.path());
  }

  private static AtomicTextFile open(Path target) throws IOException {
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
  static void write(Path target, String text) throws IOException {
    try (AtomicTextFile file = open(target)) {
      file.append(text);
      file.finish();
    }
  }

  /** Writes a complete file. */
  static void write(OutputFile target, Console console, String text) throws IOException {
    try (AtomicTextFile file = open(target, console)) {
      file.append(text);
      file.finish();
    }
  }

  void append(String text) throws IOException {
    try {
      writer.append(text);
    } catch (IOException e) {
      throw notWritten(name, e);
    }
    check();
  }

  void finish() throws IOException {
    if (pending == null) {
      check();
      return;
    }
    try {
      writer.close();
      pending.finish();
    } catch (IOException e) {
      throw notWritten(name, e);
    }
  }

  private void check() {
    if (writer instanceof PrintWriter standardOutput) {
      LinePrinter.check(standardOutput);
    }
  }

  /** Deletes the file unless it is finished. */
  @Override
  public void close() throws IOException {
    if (pending == null) {
      return;
    }
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
