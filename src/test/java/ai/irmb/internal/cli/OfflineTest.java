package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P7: a detection with networking denied, and one of which every system call is watched. */
@Tag("engine")
class OfflineTest {
  private static final String[] DETECT = {
    "detect",
    "--weights",
    Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString(),
    Path.of("models/sample/blood-cells.jpg").toAbsolutePath().toString()
  };

  @TempDir private Path folder = Path.of("");

  private static void assumeRuns(String... command) throws InterruptedException {
    boolean runs;
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      runs = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      runs = false;
    }
    Assumptions.assumeTrue(runs, "needs " + command[0]);
  }

  private ChildJvm jvm() {
    return new ChildJvm(folder).options("-Djava.awt.headless=true");
  }

  @Test
  void detectsWithoutANetwork() throws IOException, InterruptedException {
    assumeRuns("unshare", "-rn", "true");
    ChildJvm.Result result = jvm().prefix("unshare", "-rn").run(Main.class, DETECT);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("WBC"), result.out());
  }

  /** Java itself makes a socket of each kind to see whether there is IPv6, and uses neither. */
  @Test
  void speaksToNobody() throws IOException, InterruptedException {
    Path calls = folder.toAbsolutePath().resolve("calls.txt");
    String[] strace = {
      "strace", "-f", "-qq", "-e", "trace=connect,bind,sendto,sendmsg", "-o", calls.toString()
    };
    assumeRuns("strace", "-f", "-qq", "-o", calls.toString(), "true");
    ChildJvm.Result result = jvm().prefix(strace).run(Main.class, DETECT);
    assertEquals(0, result.code(), result.err());
    try (var lines = Files.lines(calls)) {
      assertEquals(List.of(), lines.filter(line -> line.contains("AF_INET")).toList());
    }
  }
}
