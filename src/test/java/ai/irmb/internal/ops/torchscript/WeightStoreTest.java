package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OwnThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OwnThread.class)
@Tag("engine")
class WeightStoreTest {
  private static final int COUNT = 4096;

  /** The engine does not copy a direct buffer, so prepared weights need memory of their own. */
  @Test
  void preparedWeightsAreCopies() {
    Shape shape = Shape.of(COUNT);
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
    float[] expected = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = i;
      bytes.putFloat(4 * i, i);
    }
    Weight weight = new Weight("w", shape, () -> new HostTensor(DType.F32, shape, bytes));
    try (NDManager manager = PyTorchEngine.get().newManager("cpu")) {
      WeightStore store = new WeightStore(manager, ScriptTarget.cpu().backend());
      PtNDArray[] prepared =
          store
              .get(List.of(WeightExpression.unchanged(weight), WeightExpression.perChannel(weight)))
              .arrays();
      for (int i = 0; i < COUNT; i++) {
        bytes.putFloat(4 * i, -1);
      }
      for (PtNDArray array : prepared) {
        assertArrayEquals(expected, array.toFloatArray());
      }
    }
  }
}
