package ai.irmb.internal.ops.onnx;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.OpsContractTest;
import ai.irmb.tensor.HostTensor;
import ai.irmb.testing.OnnxRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The exported operations in ONNX Runtime, against plain Java; all sizes but C are dynamic. */
@Tag("engine")
class OnnxOpsTest extends OpsContractTest {
  @Override
  protected HostTensor run(Computation computation, HostTensor x) {
    return run(computation, x, 17);
  }

  static HostTensor run(Computation computation, HostTensor x, int opset) {
    OnnxGraph graph = new OnnxGraph(opset);
    int channels = (int) x.shape().get(1);
    String images = graph.input("images", "batch", channels, "height", "width");
    OnnxValue y =
        (OnnxValue) computation.apply(erased(new OnnxOps(graph)), new OnnxValue(images, channels));
    graph.output("y", y.name(), "n", "c", "h", "w");
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    try {
      graph.write(model, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (OnnxRun run = OnnxRun.of(model.toByteArray())) {
      return requireNonNull(run.outputs(x).get("y"));
    }
  }

  /** Operators change between operator sets. */
  @Nested
  final class Oldest extends OpsContractTest {
    @Override
    protected HostTensor run(Computation computation, HostTensor x) {
      return OnnxOpsTest.run(computation, x, OnnxGraph.MIN_OPSET);
    }
  }

  /** The newest tested operator set. */
  @Nested
  final class Newest extends OpsContractTest {
    @Override
    protected HostTensor run(Computation computation, HostTensor x) {
      return OnnxOpsTest.run(computation, x, OnnxGraph.MAX_OPSET);
    }
  }
}
