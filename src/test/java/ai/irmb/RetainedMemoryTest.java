package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forward passes reuse memory: without that, each one takes 4,000 new pages from the kernel. */
@EnabledOnOs(OS.LINUX)
@Tag("engine")
class RetainedMemoryTest {
  private static final int PASSES = 10;
  private static final long MAX_PAGE_FAULTS = 500;

  /** Index of {@code minflt} in {@code /proc/.../stat}, counted from behind the name. */
  private static final int MINOR_FAULTS = 7;

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void forwardPassesReuseTheirMemory(ExecutionMode mode) throws IOException {
    RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
    try (Detector detector =
        Detector.builder()
            .weights(Path.of("models/bccd-yolov5n_iRMB.pt"))
            .device("cpu")
            .execution(mode)
            .build()) {
      detect(detector, image);
      long before = pageFaults();
      detect(detector, image);
      long each = (pageFaults() - before) / PASSES;
      assertTrue(each < MAX_PAGE_FAULTS, each + " page faults per forward pass");
    }
  }

  private static void detect(Detector detector, RgbImage image) {
    for (int i = 0; i < PASSES; i++) {
      detector.detect(image, DetectOptions.DEFAULTS.withRectangular(false));
    }
  }

  /** {@return the minor page faults of the threads that run networks} */
  private static long pageFaults() throws IOException {
    long sum = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : (Iterable<Path>) tasks::iterator) {
        List<String> stat = List.of(Files.readString(task.resolve("stat")).split("[()]", -1));
        if (stat.get(1).startsWith("irmb-cpu-")) {
          sum += Long.parseLong(stat.get(2).trim().split(" ", -1)[MINOR_FAULTS]);
        }
      }
    }
    return sum;
  }
}
