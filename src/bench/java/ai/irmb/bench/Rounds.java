package ai.irmb.bench;

import ai.irmb.internal.cli.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times of contestants that take turns: each round has every one of them once, so that what the
 * machine does beside hits all alike.
 */
final class Rounds {
  private static final int WARM_UP = 5;

  /** Worker threads that wait for more work by spinning have given up by then. */
  private static final int PAUSE_MILLIS = 25;

  private final List<String> names;
  private final double[][] millis;

  private Rounds(List<String> names, double[][] millis) {
    this.names = names;
    this.millis = millis;
  }

  static Rounds of(List<Contestant> contestants, int runs) throws Exception {
    double[][] millis = new double[contestants.size()][runs];
    for (int i = -WARM_UP; i < runs; i++) {
      for (int k = 0; k < millis.length; k++) {
        Thread.sleep(PAUSE_MILLIS);
        long start = System.nanoTime();
        contestants.get(k).run();
        if (i >= 0) {
          millis[k][i] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    return new Rounds(contestants.stream().map(Contestant::name).toList(), millis);
  }

  /** {@return times that were measured elsewhere, round by round} */
  static Rounds of(List<String> names, double[][] millis) {
    return new Rounds(names, millis);
  }

  double median(int contestant) {
    return Statistics.median(millis[contestant]);
  }

  /** {@return the median of what each round says about a contestant and a rival} */
  double ratio(int contestant, int rival) {
    double[] ratios = new double[millis[rival].length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = millis[contestant][i] / millis[rival][i];
    }
    return Statistics.median(ratios);
  }

  /**
   * {@return a line of the table for each contestant}
   *
   * @param what is measured
   * @param rival the one that the others are compared with
   */
  List<String> lines(String what, int rival) {
    List<String> lines = new ArrayList<>();
    for (int k = 0; k < millis.length; k++) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f | %.1f – %.1f | %s |",
              what,
              names.get(k),
              median(k),
              Statistics.percentile(millis[k], 0.1),
              Statistics.percentile(millis[k], 0.9),
              k == rival ? "" : String.format(Locale.ROOT, "%.2f", ratio(k, rival))));
    }
    return lines;
  }
}
