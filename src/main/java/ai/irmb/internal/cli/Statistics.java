package ai.irmb.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statistics of times and memory for benchmarks. */
public final class Statistics {
  private Statistics() {}

  /** {@return the median} */
  public static double median(double[] times) {
    return percentile(times, 0.5);
  }

  /**
   * {@return a percentile, interpolated linearly}
   *
   * @param times at least one; not modified
   * @param part fraction from 0 to 1
   */
  public static double percentile(double[] times, double part) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    double at = part * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  }

  /** {@return the peak resident memory of the process, or null if the system does not report it} */
  public static @Nullable Double peakMegabytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
