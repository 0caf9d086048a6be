package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;

/** x · scale + shift, each a number a channel. */
record ScaleShift(Weight scale, Weight shift) implements Step {
  /** {@return scale, then shift} */
  List<Weight> weights() {
    return List.of(scale, shift);
  }

  @Override
  public void print(Statement out) {
    out.result(
        Code.fill(
            "torch.addcmul(%s, %s, %s)",
            out.weight(Preparation.column(shift)),
            out.input(0),
            out.weight(Preparation.column(scale))));
  }
}
