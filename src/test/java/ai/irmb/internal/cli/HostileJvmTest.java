package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.cli.HostileRow.Answer;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile files through the command line, each in a small JVM of its own, watched for time, for
 * processes and for files. All of a corpus with {@code -Dirmb.hostile=FOLDER} or {@code
 * -Dirmb.thorough=true}, else every nineteenth of the shared one and the trials.
 */
@Tag("long")
class HostileJvmTest {
  private static final int ALARM_SECONDS = 10;
  private static final int STEP = HostileRow.THOROUGH ? 1 : 19;

  @TempDir private Path folder = Path.of("");

  @TestFactory
  Stream<DynamicTest> answersEveryFileAsTheManifestSays() {
    List<HostileRow> rows = HostileRow.all().toList();
    int corpus = (int) HostileRow.corpus().count();
    return IntStream.range(0, rows.size())
        .filter(i -> i % STEP == 0 || i >= corpus)
        .mapToObj(rows::get)
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> run(row, folder)));
  }

  /** Fails unless the row's answer is as its manifest says. {@return how its JVM ended} */
  static ChildJvm.Result run(HostileRow row, Path folder) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(row.name()));
    Path target = own.resolve("current/out.safetensors").toAbsolutePath();
    ChildJvm.Result result =
        new ChildJvm(own)
            .options("-Xmx512m", "-Xss512k", "-Djava.awt.headless=true")
            .within(ALARM_SECONDS)
            .run(Main.class, row.arguments(target));
    assertTrue(result.code() >= 0, "no answer within " + ALARM_SECONDS + " s");
    row.check(new Answer(result.code(), result.out(), result.err(), target));
    assertEquals(Set.of(), result.children(), "it started processes");
    result.written().remove(target);
    assertEquals(Set.of(), result.written(), "it wrote files");
    assertFalse(Files.exists(Path.of("/tmp/irmb-hostile-marker")), "something was executed");
    return result;
  }
}
