package ai.irmb.cli;

import java.io.PrintWriter;

/** A progress bar on a terminal; nothing where there is none, or nothing to wait for. */
final class Progress {
  private static final int WIDTH = 30;

  private final PrintWriter err;
  private final int total;
  private int done;

  /**
   * @param total how many steps, or 0 for no bar
   */
  Progress(PrintWriter err, int total) {
    this.err = err;
    this.total = onTerminal() ? total : 0;
  }

  /** From JDK 22 on there may be a console that is no terminal; a terminal says its kind. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean onTerminal() {
    return System.console() != null && System.getenv("TERM") != null;
  }

  void step() {
    if (total > 0) {
      done++;
      int filled = WIDTH * done / total;
      err.print(
          "\r[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + "/" + total);
      err.flush();
    }
  }

  void clear() {
    if (total > 0) {
      err.print("\r" + " ".repeat(WIDTH + 20) + "\r");
      err.flush();
    }
  }
}
