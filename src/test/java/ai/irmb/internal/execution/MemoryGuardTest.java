package ai.irmb.internal.execution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.irmb.error.DeviceMemoryException;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.testing.OwnThread;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Batches that the engine cannot allocate are divided; a single image is a typed error. */
@Tag("engine")
@ExtendWith(OwnThread.class)
class MemoryGuardTest {
  private static final CandidateFilter FILTER = new CandidateFilter(0.3f, false, null);
  private static final int SIDE = 2;

  private final List<String> warnings = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();

  @Test
  void aBatchIsHalvedUntilItFitsAndLaterOnesStartThere() {
    try (Execution guard = guard(3)) {
      assertEquals(
          List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), images(guard.run(batch(10, SIDE), FILTER)));
      assertEquals(List.of(10, 5, 2, 2, 2, 2, 2), sizes);
      sizes.clear();
      assertEquals(List.of(0, 1, 2), images(guard.run(batch(3, SIDE), FILTER)));
      assertEquals(List.of(2, 1), sizes);
      sizes.clear();
      assertEquals(List.of(0, 1), images(guard.run(batch(2, 2 * SIDE), FILTER)));
      assertEquals(List.of(1, 1), sizes, "images of four times the pixels");
    }
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(
        warnings
            .get(0)
            .startsWith(
                "some.pt: the device's memory does not suffice for a batch of 10 x 3 x 2 x 2"),
        warnings::toString);
  }

  @Test
  void aSingleImageIsAnErrorAndTheNextCallRuns() {
    Limited limited = new Limited(0);
    try (Execution guard = new MemoryGuard("some.pt", limited, warnings::add)) {
      DeviceMemoryException e =
          assertThrows(DeviceMemoryException.class, () -> guard.run(batch(2, SIDE), FILTER));
      String message = requireNonNull(e.getMessage());
      assertTrue(
          message.startsWith(
              "some.pt: the device's memory does not suffice for a batch of 1 x 3 x 2 x 2; the"
                  + " engine needed "),
          message);
      assertTrue(
          message.endsWith(
              "; use a smaller image size, or close other programs that use the device"),
          message);
      limited.max = 1;
      assertEquals(List.of(0, 1), images(guard.run(batch(2, SIDE), FILTER)));
    }
  }

  @Test
  void otherFailuresPass() {
    InferenceException failure =
        new InferenceException("failed", new EngineException("expected 4 dimensions"));
    Execution failing =
        new Execution() {
          @Override
          public List<ImageResult> run(Batch batch, CandidateFilter filter) {
            throw failure;
          }

          @Override
          public void close() {}
        };
    try (Execution guard = new MemoryGuard("some.pt", failing, warnings::add)) {
      assertSame(
          failure, assertThrows(InferenceException.class, () -> guard.run(batch(2, SIDE), FILTER)));
    }
    assertEquals(List.of(), warnings);
  }

  private Execution guard(int max) {
    return new MemoryGuard("some.pt", new Limited(max), warnings::add);
  }

  /** {@return images whose pixels are their number in the batch} */
  private static Batch batch(int count, int side) {
    int each = 3 * side * side;
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * each);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, (byte) (i / each));
    }
    return new Batch(pixels, count, side, side);
  }

  private static List<Integer> images(List<ImageResult> results) {
    return results.stream().map(result -> result.candidates().sources()[0]).toList();
  }

  /** Allocates more than there are addresses for batches above a limit: the engine fails. */
  private final class Limited implements Execution {
    private int max;

    Limited(int max) {
      this.max = max;
    }

    @Override
    public List<ImageResult> run(Batch batch, CandidateFilter filter) {
      sizes.add(batch.count());
      if (batch.count() > max) {
        try (NDManager manager = PyTorchEngine.get().newManager("cpu")) {
          manager.create(new Shape(1L << 50)).close();
        } catch (EngineException e) {
          throw new InferenceException("the engine failed while it ran a network", e);
        }
      }
      List<ImageResult> results = new ArrayList<>();
      for (int i = 0; i < batch.count(); i++) {
        int[] number = {batch.pixels().get(i * 3 * batch.height() * batch.width())};
        results.add(
            new ImageResult(
                new ScoredBoxes(1, new float[4], new float[1], number, number, new float[0], 0),
                null));
      }
      return results;
    }

    @Override
    public void close() {}
  }
}
