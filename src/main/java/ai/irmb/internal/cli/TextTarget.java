package ai.irmb.internal.cli;

import ai.irmb.internal.file.AtomicTextFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The text that an option writes: a file that appears only when it is complete, or standard output.
 * Not safe for concurrent use.
 */
final class TextTarget implements AutoCloseable {
  private final Writer writer;
  private final @Nullable AtomicTextFile file;

  private TextTarget(Writer writer, @Nullable AtomicTextFile file) {
    this.writer = writer;
    this.file = file;
  }

  static TextTarget open(OutputFile target, Console console) throws IOException {
    if (target.isStandardOutput()) {
      return new TextTarget(new StandardOutput(console.data()), null);
    }
    AtomicTextFile file = AtomicTextFile.open(target.path());
    return new TextTarget(file, file);
  }

  /** Writes a complete text with a line break at its end. */
  static void write(OutputFile target, Console console, String text) throws IOException {
    try (TextTarget file = open(target, console)) {
      file.writer().write(text + System.lineSeparator());
      file.finish();
    }
  }

  Writer writer() {
    return writer;
  }

  void finish() throws IOException {
    writer.flush();
    if (file != null) {
      file.finish();
    }
  }

  /** Deletes the file unless it is finished. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  /** Ends the command as soon as standard output cannot be written. */
  private static final class StandardOutput extends Writer {
    private final PrintWriter out;

    StandardOutput(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(char[] chars, int offset, int count) {
      out.write(chars, offset, count);
      LinePrinter.check(out);
    }

    @Override
    public void flush() {
      LinePrinter.check(out);
    }

    /** Has nothing to do: standard output stays open. */
    @Override
    public void close() {}
  }
}
