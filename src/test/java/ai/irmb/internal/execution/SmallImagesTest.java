package ai.irmb.internal.execution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.testing.OwnThread;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The compiled network takes the smallest images, whose last feature map is one pixel, without the
 * eager execution behind it, and computes the same.
 */
@Tag("engine")
@ExtendWith(OwnThread.class)
class SmallImagesTest {
  private static final int[][] SIZES = {
    {1, 32, 32}, {2, 32, 32}, {1, 32, 64}, {1, 64, 32}, {3, 64, 64}
  };

  /** Keeps all predictions. */
  private static final CandidateFilter ALL = new CandidateFilter(0, false, null);

  @ParameterizedTest
  @ValueSource(strings = {"bccd-yolov5n_iRMB.pt", "bccd-yolov5n_iRMB-bottleneck.pt"})
  void compiledAgreesWithEager(String weights) {
    Model model =
        ModelAssembly.assemble(
            CheckpointReader.read(Path.of("models", weights), Limits.DEFAULTS),
            null,
            BlockRegistry.standard(),
            Limits.DEFAULTS);
    try (Execution eager =
            ExecutionFactory.open(model, "cpu", Precision.FP32, ExecutionMode.EAGER, false);
        Execution compiled =
            new CompiledExecution(model, ExecutionFactory.target("cpu", DType.F32))) {
      for (int[] size : SIZES) {
        Batch batch = batch(size[0], size[1], size[2]);
        List<ImageResult> expected = eager.run(batch, ALL);
        List<ImageResult> actual = compiled.run(batch, ALL);
        for (int i = 0; i < size[0]; i++) {
          assertSame(expected.get(i).candidates(), actual.get(i).candidates());
        }
      }
    }
  }

  private static Batch batch(int count, int height, int width) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * count * height * width);
    Random random = new Random(5);
    while (pixels.hasRemaining()) {
      pixels.put((byte) random.nextInt(256));
    }
    return new Batch(pixels.flip(), count, height, width);
  }

  private static void assertSame(ScoredBoxes expected, ScoredBoxes actual) {
    Map<Integer, Integer> rows = rows(actual);
    assertEquals(rows(expected).keySet(), rows.keySet());
    for (int i = 0; i < expected.count(); i++) {
      int j = requireNonNull(rows.get(expected.sources()[i]));
      assertEquals(expected.scores()[i], actual.scores()[j], 1e-5);
      for (int k = 0; k < 4; k++) {
        assertEquals(expected.boxes()[4 * i + k], actual.boxes()[4 * j + k], 1e-2);
      }
    }
  }

  /** {@return the index of each prediction among the candidates} */
  private static Map<Integer, Integer> rows(ScoredBoxes boxes) {
    Map<Integer, Integer> rows = new TreeMap<>();
    for (int i = 0; i < boxes.count(); i++) {
      rows.put(boxes.sources()[i], i);
    }
    return rows;
  }
}
