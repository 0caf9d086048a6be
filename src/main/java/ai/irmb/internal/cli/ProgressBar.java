package ai.irmb.internal.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** A progress bar on a terminal; no output without a terminal or without steps. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final int TEXT = 40;

  private final PrintWriter err;
  private final int batchSize;
  private int total;
  private long startNanos;
  private int done;

  /**
   * @param total number of steps, or 0 for no bar
   */
  ProgressBar(PrintWriter err, int total) {
    this(err, total, 1);
  }

  /**
   * @param total number of steps, or 0 for no bar
   * @param batchSize number of steps that complete together
   */
  ProgressBar(PrintWriter err, int total, int batchSize) {
    this.err = err;
    this.batchSize = batchSize;
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
      // The first batch includes one-time preparation.
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

  /** {@return the estimated remaining time, with blanks that overwrite older text} */
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

  /** Removes a step from the total. */
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
