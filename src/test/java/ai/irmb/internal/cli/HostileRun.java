package ai.irmb.internal.cli;

import ai.irmb.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs the hostile corpus and the trials, one small JVM per file, and prints a table: the file,
 * what its manifest expects, the outcome, seconds of the processor and by the clock. The exit code
 * is the number of files whose outcome is another one. From the root of the project, with the class
 * path of the tests: {@code java -Dirmb.shared=FOLDER -cp … ai.irmb.internal.cli.HostileRun}.
 */
final class HostileRun {
  private HostileRun() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("hostile");
    int mismatches = 0;
    int files = 0;
    Duration most = Duration.ZERO;
    for (HostileRow row : HostileRow.all().toList()) {
      long start = System.nanoTime();
      String outcome;
      Duration worked = Duration.ZERO;
      try {
        ChildJvm.Result result = HostileJvmTest.run(row, folder);
        worked = result.worked();
        outcome = "exit code " + result.code();
      } catch (AssertionError e) {
        outcome = "MISMATCH " + e.getMessage();
        mismatches++;
      }
      files++;
      most = worked.compareTo(most) > 0 ? worked : most;
      System.out.printf(
          "%-32s %-8s %6.1f s %6.1f s  %s%n",
          row.name(),
          row.expected(),
          worked.toMillis() / 1e3,
          (System.nanoTime() - start) / 1e9,
          outcome);
    }
    System.out.printf(
        "%d files, %d mismatches, at most %.1f s%n", files, mismatches, most.toMillis() / 1e3);
    System.exit(mismatches);
  }
}
