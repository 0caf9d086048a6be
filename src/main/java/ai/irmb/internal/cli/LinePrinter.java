package ai.irmb.internal.cli;

import ai.irmb.internal.error.Quoting;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints lines for people. What is untrusted in them, such as names of classes and files, is
 * escaped, so that it cannot steer a terminal. Not safe for concurrent use.
 */
final class LinePrinter {
  private final PrintWriter out;

  LinePrinter(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints one line; line breaks in the text are escaped too.
   *
   * @throws OutputFailedException if it cannot be written
   */
  void line(String text) {
    out.println(Quoting.escape(text));
    check(out);
  }

  /** Prints a formatted line, with English numbers. */
  void format(String format, Object... arguments) {
    line(String.format(Locale.ROOT, format, arguments));
  }

  /**
   * @throws OutputFailedException if something was not written
   */
  static void check(PrintWriter out) {
    if (out.checkError()) {
      throw new OutputFailedException();
    }
  }
}
