package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.cli.HostileRow.Answer;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.testing.Bounded;
import ai.irmb.testing.NativeMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hostile file through the command line, in one JVM. {@code -Dirmb.hostile=FOLDER} takes
 * another corpus of the same form.
 */
@Tag("long")
class HostileCorpusTest {
  private static final int ROUNDS = HostileRow.THOROUGH ? 10 : 3;
  private static final long MOST_GROWTH = 32 << 20;

  @TempDir private Path folder = Path.of("");

  @TestFactory
  Stream<DynamicTest> answersEveryFileAsTheManifestSays() {
    return HostileRow.all()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(), () -> Bounded.ends(() -> row.check(answer(row)))));
  }

  /**
   * Ten rounds of a given corpus. The first round loads what stays loaded: engine, decoders, code.
   */
  @Test
  void manyRoundsLeaveMemoryWhereItWas() throws IOException {
    List<HostileRow> rows = HostileRow.corpus().toList();
    long arrays = NativeMemory.liveArrays();
    long before = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (HostileRow row : rows) {
        row.check(answer(row));
      }
      if (round == 0) {
        // It may still be loading, beside the last files.
        assertTrue(PyTorchEngine.get().describe().startsWith("PyTorch"));
        before = NativeMemory.resident();
      }
    }
    assertEquals(arrays, NativeMemory.liveArrays());
    long grown = NativeMemory.resident() - before;
    assertTrue(grown < MOST_GROWTH, "resident memory grew by " + grown + " bytes");
  }

  private Answer answer(HostileRow row) throws IOException {
    Path target = folder.resolve(row.name() + ".safetensors");
    Files.deleteIfExists(target);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), row.arguments(target));
    return new Answer(code, out.toString(), err.toString(), target);
  }
}
