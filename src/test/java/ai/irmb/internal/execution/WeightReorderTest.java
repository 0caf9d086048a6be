package ai.irmb.internal.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.limit.Limits;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * oneDNN needs weights in a layout that depends on the input's size, and reorders any other layout
 * in each forward pass. Its log must show no reorder after two passes, whatever sizes a network has
 * run before.
 */
@Tag("engine")
class WeightReorderTest {
  private static final String SETTLED = "settled";

  @TempDir private Path folder = Path.of("");

  @Test
  void forwardPassReordersNoWeights() throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            .environment("ONEDNN_VERBOSE", "1")
            .options("-Xmx512m")
            .run(Passes.class, Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString());
    assertEquals(0, result.code(), result.err());
    List<String> lines = result.out().lines().toList();
    assumeTrue(!lines.contains("plain"), "the engine does not fuse convolutions safely here");
    List<String> after = lines.subList(lines.indexOf(SETTLED), lines.size());
    assertTrue(after.stream().anyMatch(line -> line.contains(",exec,cpu,convolution,")));
    assertEquals(List.of(), after.stream().filter(l -> l.contains(",exec,cpu,reorder,")).toList());
  }

  /** Runs in a child JVM, since oneDNN logs per process. */
  static final class Passes {
    private static final int ROUNDS = 3;

    private static final int[][] SIZES = {
      {1, 320, 320}, {1, 640, 384}, {1, 384, 640}, {4, 320, 256}
    };

    private Passes() {}

    public static void main(String[] args) {
      PrintStream out = System.out;
      try (Execution execution =
          ExecutionFactory.open(
              ModelAssembly.assemble(
                  CheckpointReader.read(Path.of(args[0]), Limits.DEFAULTS),
                  null,
                  BlockRegistry.standard(),
                  Limits.DEFAULTS),
              "cpu",
              Precision.FP32,
              ExecutionMode.COMPILED,
              false)) {
        if (!PyTorchEngine.get().supportsFusedConvolutions()) {
          out.println("plain");
        }
        // The second forward pass of a size has all kernels in its layout.
        for (int pass = 0; pass < ROUNDS; pass++) {
          for (int[] size : SIZES) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(3 * size[0] * size[1] * size[2]);
            execution.run(
                new Batch(pixels, size[0], size[1], size[2]),
                new CandidateFilter(0.25f, false, null));
          }
          if (pass == ROUNDS - 2) {
            out.println(SETTLED);
          }
        }
      }
    }
  }
}
