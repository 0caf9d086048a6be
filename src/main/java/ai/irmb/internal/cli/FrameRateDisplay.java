package ai.irmb.internal.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** How many images of a video are done a second: now and then on a terminal, and in the end. */
final class FrameRateDisplay {
  private static final long NANOS = 1_000_000_000L;

  private final PrintWriter err;
  private final String name;
  private final int total;
  private final boolean shows;
  private long start;
  private long shown;
  private int done;

  /**
   * @param total how many images there are, or 0 if nobody knows
   */
  FrameRateDisplay(PrintWriter err, String name, int total) {
    this.err = err;
    this.name = name;
    this.total = total;
    this.shows = ProgressBar.isTerminal();
    this.start = System.nanoTime();
    this.shown = start;
  }

  /** One more is done; the first is not counted, since what is prepared once is prepared for it. */
  void step() {
    long now = System.nanoTime();
    done++;
    if (done == 1) {
      start = now;
    }
    if (shows && now - shown > NANOS) {
      shown = now;
      err.print("\r" + line() + "   ");
      err.flush();
    }
  }

  private String line() {
    long nanos = Math.max(1, System.nanoTime() - start);
    return String.format(
        Locale.ROOT,
        "%s: %d%s images%s",
        name,
        done,
        total > done ? " of " + total : "",
        done < 2
            ? ""
            : String.format(Locale.ROOT, ", %.1f a second", (done - 1) * (double) NANOS / nanos));
  }

  void end() {
    err.println((shows ? "\r" : "") + line() + (shows ? "   " : ""));
  }
}
