package ai.irmb.internal.cli;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileErrors;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output or standard error, which says why it failed. Characters that the terminal's
 * encoding does not have are escaped. Not safe for concurrent use.
 */
final class StandardStream extends Writer {
  /** The code of a process that SIGPIPE ends: 128 + 13. */
  private static final int BROKEN_PIPE = 141;

  private final OutputStream out;
  private final Charset charset;
  private final CharsetEncoder encoder;
  private @Nullable IOException failure;

  StandardStream(OutputStream out, Charset charset) {
    this.out = out;
    this.charset = charset;
    this.encoder = charset.newEncoder();
  }

  static StandardStream of(FileDescriptor descriptor) {
    return new StandardStream(new FileOutputStream(descriptor), charset());
  }

  /**
   * {@return the encoding of the locale}; from Java 18 on the JVM's default is UTF-8 in any locale.
   */
  private static Charset charset() {
    try {
      return Charset.forName(System.getProperty("native.encoding", ""));
    } catch (IllegalArgumentException e) {
      return Charset.defaultCharset();
    }
  }

  @Override
  public void write(char[] chars, int offset, int count) throws IOException {
    try {
      out.write(encodable(new String(chars, offset, count)).getBytes(charset));
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private String encodable(String text) {
    if (encoder.canEncode(text)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (encoder.canEncode(Character.toString(c))) {
                escaped.appendCodePoint(c);
              } else {
                Quoting.appendEscaped(escaped, c);
              }
            });
    return escaped.toString();
  }

  /** Has nothing to do: nothing is buffered. */
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    out.close();
  }

  /**
   * {@return the exit code of a command: the code of SIGPIPE, without a message, if nobody reads
   * the output any more}
   *
   * @param code the exit code if all was written
   */
  int exitCode(int code, PrintWriter err) {
    if (failure == null) {
      return code;
    }
    String reason = FileErrors.reason(failure);
    if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
      return BROKEN_PIPE;
    }
    err.println("standard output was not written: " + reason);
    return Main.FAILURE;
  }
}
