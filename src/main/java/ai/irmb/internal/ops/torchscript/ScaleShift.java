package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;

/** x · scale + shift, each a number a channel. */
record ScaleShift(Weight scale, Weight shift) implements Instruction {
  /** {@return scale, then shift} */
  List<Weight> weights() {
    return List.of(scale, shift);
  }

  @Override
  public void print(InstructionPrinter out) {
    out.result(
        TorchScript.fill(
            "torch.addcmul(%s, %s, %s)",
            out.weight(WeightExpression.perChannel(shift)),
            out.input(0),
            out.weight(WeightExpression.perChannel(scale))));
  }
}
