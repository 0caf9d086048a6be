package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Resident memory does not grow while a process detects, or loads and closes. {@code
 * -Dirmb.thorough=true} runs 10,000 detections and 1,000 loads in each execution mode.
 */
@EnabledOnOs(OS.LINUX)
@Tag("long")
class LongRunTest {
  private static final boolean THOROUGH = Boolean.getBoolean("irmb.thorough");
  private static final double MAX_GROWTH = 0.03;
  private static final int HOURS = 4 * 3600;

  /**
   * In a short run the first samples still include one-time allocations, so more growth is allowed;
   * a leaked detector would add more than 1 % each time.
   */
  private static final double MAX_GROWTH_IN_SHORT_RUN = 0.05;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "DETECT, COMPILED, 10000, 1000, 300, 100",
    "DETECT, EAGER, 10000, 1000, 240, 80",
    "LOAD, COMPILED, 1000, 100, 40, 12",
    "LOAD, EAGER, 1000, 100, 40, 12"
  })
  void residentMemoryDoesNotGrow(
      String work,
      String mode,
      int count,
      int early,
      int shortCount,
      int shortEarly,
      TestReporter reporter)
      throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            // Without the C2 compiler, which may hold tens of megabytes when a sample is taken.
            .options("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
            .options("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch")
            .within(HOURS)
            .run(
                LongRun.class,
                work,
                mode,
                Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString(),
                Path.of("models/sample/blood-cells.jpg").toAbsolutePath().toString(),
                String.valueOf(THOROUGH ? count : shortCount),
                String.valueOf(THOROUGH ? early : shortEarly));
    assertEquals(0, result.code(), result.err());
    List<String> lines = result.out().lines().toList();
    reporter.publishEntry(work + " " + mode, String.join(", ", lines));
    List<Long> resident =
        lines.stream()
            .filter(line -> line.startsWith("resident "))
            .map(line -> Long.valueOf(line.split(" ", -1)[1]))
            .toList();
    // The allocator returns some 17 MB now and then, so single samples of the same state differ.
    int half = resident.size() / 2;
    long before = Collections.min(resident.subList(0, half));
    long after = Collections.min(resident.subList(half, resident.size()));
    double grown = (double) after / before - 1;
    assertTrue(grown < (THOROUGH ? MAX_GROWTH : MAX_GROWTH_IN_SHORT_RUN), "grown by " + grown);
    assertEquals("arrays 0", lines.get(lines.size() - 1));
  }
}
