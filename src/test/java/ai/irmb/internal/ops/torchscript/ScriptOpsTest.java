package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.ops.OpsContractTest;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.testing.OwnThread;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every backend fulfills the contract of the operations. */
@ExtendWith(OwnThread.class)
@Tag("engine")
class ScriptOpsTest {
  private static HostTensor run(
      OpsContractTest.Computation computation,
      Operations operations,
      HostTensor x,
      ScriptTarget to) {
    NetworkDefinition definition =
        (ops, image) -> List.of((Symbol) computation.apply(operations.erase(ops), image));
    try (CompiledNetwork network =
        new CompiledNetwork(
            definition,
            List.of(),
            to,
            PyTorchEngine.get().newManager("cpu"),
            PyTorchEngine.get().programLoader())) {
      return network.outputs(ImageTensor.planar(x)).get(0);
    }
  }

  /** The cast that a contract test offers to its subclasses. */
  private interface Operations {
    ai.irmb.ops.Ops<Object> erase(ScriptOps ops);
  }

  @Nested
  class WithOneDnn extends OpsContractTest {
    @Override
    protected HostTensor run(Computation computation, HostTensor x) {
      assumeTrue(
          PyTorchEngine.get().supportsFusedConvolutions(),
          "this engine does not support fused convolutions");
      return ScriptOpsTest.run(computation, OpsContractTest::erased, x, ScriptTarget.cpu());
    }
  }

  @Nested
  class Plain extends OpsContractTest {
    @Override
    protected HostTensor run(Computation computation, HostTensor x) {
      ScriptTarget plain = ScriptTarget.cpu().with(ScriptTarget.ConvolutionMode.PLAIN);
      return ScriptOpsTest.run(computation, OpsContractTest::erased, x, plain);
    }
  }

  @Nested
  class PlainInBfloat16 extends OpsContractTest {
    @Override
    protected HostTensor run(Computation computation, HostTensor x) {
      ScriptTarget plain =
          ScriptTarget.cpu().with(ScriptTarget.ConvolutionMode.PLAIN).with(DType.BF16);
      return ScriptOpsTest.run(computation, OpsContractTest::erased, x, plain);
    }

    @Override
    protected double tolerance() {
      return 0.03;
    }
  }
}
