package ai.irmb.testing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What the process takes. */
public final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /**
   * {@return resident memory that is not the Java heap's, in bytes; the test is skipped where the
   * system does not tell}
   */
  public static long resident() throws IOException {
    Assumptions.assumeTrue(Files.exists(STATUS), "needs /proc");
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return Files.readString(STATUS)
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
            .sum()
        - heap;
  }
}
