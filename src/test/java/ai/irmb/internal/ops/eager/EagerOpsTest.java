package ai.irmb.internal.ops.eager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.irmb.ops.OpsContractTest;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OwnThread;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The eager operations against plain Java; releasing keeps only the result. */
@ExtendWith(OwnThread.class)
@Tag("engine")
class EagerOpsTest extends OpsContractTest {
  @Override
  protected HostTensor run(Computation computation, HostTensor x) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        EagerWeights weights = new EagerWeights(manager, DataType.FLOAT32);
        NDManager call = manager.newSubManager()) {
      EagerOps ops = new EagerOps(call, weights);
      NDArray input =
          call.create(x.toFloats(), new ai.djl.ndarray.types.Shape(x.shape().toArray()));
      NDArray y = (NDArray) computation.apply(erased(ops), input);
      ops.releaseExcept(List.of(y));
      assertEquals(y == input ? 1 : 2, call.getManagedArrays().size(), "arrays left behind");
      return HostTensor.of(Shape.of(y.getShape().getShape()), y.toFloatArray());
    }
  }
}
