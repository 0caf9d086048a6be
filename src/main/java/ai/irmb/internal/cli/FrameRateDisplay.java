package ai.irmb.internal.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows the frames per second of a video: during the run on a terminal, and at its end. */
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
   * @param total number of frames, or 0 if unknown
   */
  FrameRateDisplay(PrintWriter err, String name, int total) {
    this.err = err;
    this.name = name;
    this.total = total;
    this.shows = ProgressBar.isTerminal();
    this.start = System.nanoTime();
    this.shown = start;
  }

  /**
   * Counts a frame. The first does not enter the rate, because it includes one-time preparation.
   */
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
        "%s: %d%s frames%s",
        name,
        done,
        total > done ? " of " + total : "",
        done < 2
            ? ""
            : String.format(Locale.ROOT, ", %.1f per second", (done - 1) * (double) NANOS / nanos));
  }

  void end() {
    err.println((shows ? "\r" : "") + line() + (shows ? "   " : ""));
  }
}
