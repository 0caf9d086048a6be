package ai.irmb.internal.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** A progress bar on a terminal; nothing where there is none, or nothing to wait for. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final int TEXT = 40;

  private final PrintWriter err;
  private final int batchSize;
  private int total;
  private long startNanos;
  private int done;

  /**
   * @param total how many steps, or 0 for no bar
   */
  ProgressBar(PrintWriter err, int total) {
    this(err, total, 1);
  }

  /**
   * @param total how many steps, or 0 for no bar
   * @param group so many steps come together
   */
  ProgressBar(PrintWriter err, int total, int group) {
    this.err = err;
    this.batchSize = group;
    this.total = isTerminal() ? total : 0;
  }

  /** From JDK 22 on there may be a console that is no terminal; a terminal says its kind. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isTerminal() {
    return System.console() != null && System.getenv("TERM") != null;
  }

  void step() {
    if (total > 0) {
      done++;
      // The first group pays for what is prepared once.
      startNanos = done <= batchSize ? System.nanoTime() : startNanos;
      int filled = WIDTH * done / total;
      String bar = "\r[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] ";
      err.print(
          bar
              + done
              + "/"
              + total
              + remainingTime(System.nanoTime() - startNanos, done - batchSize, total - done));
      err.flush();
    }
  }

  /** {@return how long the rest will take if it goes on so, with blanks over an older text} */
  static String remainingTime(long nanos, int steps, int rest) {
    if (steps < 1) {
      return "";
    }
    long seconds = Math.round(nanos / 1e9 / steps * rest);
    String clock =
        (seconds < 3600 ? "" : seconds / 3600 + ":")
            + String.format(
                Locale.ROOT,
                seconds < 3600 ? "%d:%02d" : "%02d:%02d",
                seconds / 60 % 60,
                seconds % 60);
    return " " + clock + " left   ";
  }

  /** One step less to wait for. */
  void skip() {
    clear();
    total = Math.max(total - 1, 0);
  }

  void clear() {
    if (total > 0) {
      err.print("\r" + " ".repeat(WIDTH + TEXT) + "\r");
      err.flush();
    }
  }
}
