package ai.irmb.internal.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.internal.ops.torchscript.ScriptRefusedException;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A shape that the engine rejects runs eagerly; all others stay compiled. */
@Tag("fast")
class FallbackExecutionTest {
  private static final CandidateFilter FILTER = new CandidateFilter(0.25f, false, null);

  private final List<String> runs = new ArrayList<>();

  @Test
  void rejectionHoldsForOneShape() {
    try (Execution execution =
        new FallbackExecution(
            new Recorder("compiled", batch(2, 32, 32)),
            new LazyExecution(() -> new Recorder("eager", null)))) {
      for (int pass = 0; pass < 2; pass++) {
        execution.run(batch(1, 32, 32), FILTER);
        execution.run(batch(2, 32, 32), FILTER);
        execution.run(batch(2, 64, 32), FILTER);
      }
    }
    assertEquals(
        List.of(
            "compiled 1x32x32",
            "compiled 2x32x32 rejected",
            "eager 2x32x32",
            "compiled 2x64x32",
            "compiled 1x32x32",
            "eager 2x32x32",
            "compiled 2x64x32",
            "compiled closed",
            "eager closed"),
        runs);
  }

  private static Batch batch(int count, int height, int width) {
    return new Batch(ByteBuffer.allocateDirect(3 * count * height * width), count, height, width);
  }

  private static String name(Batch batch) {
    return batch.count() + "x" + batch.height() + "x" + batch.width();
  }

  /** Records what it is asked to run, and rejects one shape. */
  private final class Recorder implements Execution {
    private final String name;
    private final String rejected;

    Recorder(String name, @Nullable Batch rejected) {
      this.name = name;
      this.rejected = rejected == null ? "" : name(rejected);
    }

    @Override
    public List<ImageResult> run(Batch batch, CandidateFilter filter) {
      boolean isRejected = name(batch).equals(rejected);
      runs.add(name + " " + name(batch) + (isRejected ? " rejected" : ""));
      if (isRejected) {
        throw new ScriptRefusedException("rejected", new IllegalStateException("no such operator"));
      }
      return List.of();
    }

    @Override
    public void close() {
      runs.add(name + " closed");
    }
  }
}
