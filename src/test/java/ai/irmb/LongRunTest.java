package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is resident stays what it was, however long a process detects, loads and closes. {@code
 * -Dirmb.thorough=true} makes 10,000 detections and 1,000 loads of it, in each execution.
 */
@EnabledOnOs(OS.LINUX)
class LongRunTest {
  private static final boolean THOROUGH = Boolean.getBoolean("irmb.thorough");
  private static final double MOST_GROWTH = 0.03;
  private static final int HOURS = 4 * 3600;

  /**
   * In the short form the first looks still see what is made once, so that it allows for more; one
   * detector that stays would be more than a hundredth each time.
   */
  private static final double MOST_GROWTH_WHEN_SHORT = 0.05;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "DETECT, COMPILED, 10000, 1000, 450, 150",
    "DETECT, EAGER, 10000, 1000, 300, 100",
    "LOAD, COMPILED, 1000, 100, 30, 15",
    "LOAD, EAGER, 1000, 100, 30, 15"
  })
  void residentMemoryStaysWhatItWas(
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
            // Without the large compiler, which may hold tens of megabytes at a look.
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
    double grown = (double) resident.get(resident.size() - 1) / resident.get(0) - 1;
    assertTrue(grown < (THOROUGH ? MOST_GROWTH : MOST_GROWTH_WHEN_SHORT), "grown by " + grown);
    assertEquals("arrays 0", lines.get(lines.size() - 1));
  }
}
