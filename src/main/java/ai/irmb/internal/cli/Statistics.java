package ai.irmb.internal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the benchmarks say of times and of memory. */
public final class Statistics {
  private Statistics() {}

  /** {@return the middle of some times} */
  public static double median(double[] times) {
    return percentile(times, 0.5);
  }

  /**
   * {@return the time that a part of them is not above, between two by what lies between}
   *
   * @param times at least one; not modified
   * @param part from 0 to 1
   */
  public static double percentile(double[] times, double part) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    double at = part * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  }

  /** {@return the most that the process ever held, where the system says it, else null} */
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
