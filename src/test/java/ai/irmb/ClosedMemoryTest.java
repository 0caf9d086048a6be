package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * After the last {@code close} the memory of a process is nearly what it was with the engine alone.
 */
@EnabledOnOs(OS.LINUX)
@Tag("engine")
class ClosedMemoryTest {
  private static final long MIN_OPEN_MIB = 150;

  /** A heap that shrinks when it is collected, so that the rest shows. */
  private static final String[] SMALL_HEAP = {
    "-XX:+UseG1GC", "-Xms16m", "-Xmx256m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10"
  };

  @TempDir private Path folder = Path.of("");

  @Test
  void memoryComesBackWhenTheLastDetectorCloses() throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            .options(SMALL_HEAP)
            .run(
                Probe.class,
                Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString(),
                Path.of("models/sample/blood-cells.jpg").toAbsolutePath().toString());
    assertEquals(0, result.code(), result.err());
    List<Long> sizes = result.out().lines().map(Long::valueOf).toList();
    long open = sizes.get(1) - sizes.get(0);
    long closed = sizes.get(2) - sizes.get(0);
    assertTrue(open > MIN_OPEN_MIB, "the detectors took only " + open + " MiB");
    assertTrue(closed <= open / 2, closed + " MiB did not come back, of " + open);
  }

  /**
   * Prints the memory before two detectors, while they are open, and when they are closed. A first
   * image loads the engine and the classes, whose memory differs from one processor to the next and
   * stays.
   */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws IOException {
      RgbImage image = RgbImage.read(Path.of(args[1]));
      try (Detector detector = open(args[0])) {
        detector.detect(image, DetectOptions.DEFAULTS.withSize(64));
      }
      report();
      try (Detector first = open(args[0]);
          Detector second = open(args[0])) {
        for (int size = 640; size <= 1280; size += 320) {
          first.detectAll(List.of(image, image), DetectOptions.DEFAULTS.withSize(size));
          second.detect(image, DetectOptions.DEFAULTS.withSize(size));
        }
        report();
      }
      report();
    }

    private static Detector open(String weights) {
      return Detector.builder().weights(Path.of(weights)).device("cpu").build();
    }

    /**
     * Prints anonymous memory in MiB. The rest is mapped files, such as the engine's code, which
     * the kernel drops when it needs the memory.
     */
    private static void report() throws IOException {
      System.gc();
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("RssAnon:")) {
          System.out.println(Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10);
        }
      }
    }
  }
}
