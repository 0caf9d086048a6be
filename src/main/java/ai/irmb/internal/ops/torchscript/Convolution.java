package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;

/**
 * A convolution, with what the optimizations changed about it.
 *
 * @param params the convolution as the network defines it
 * @param addsInput whether a second input is added to the result
 * @param pairsColumns whether two columns of the input are one with twice the channels; see {@link
 *     PairInputColumns}
 */
record Convolution(Conv2dParams params, boolean addsInput, boolean pairsColumns)
    implements Instruction {
  static Convolution of(Conv2dParams params) {
    return new Convolution(params, false, false);
  }

  /** {@return the same convolution with a second input added} */
  Convolution withAddition() {
    return new Convolution(params, true, pairsColumns);
  }

  /** {@return the same convolution of columns in pairs} */
  Convolution withPairedColumns() {
    return new Convolution(params, addsInput, true);
  }

  /** {@return whether each output position depends on one input position} */
  static boolean isPointwise(Conv2dParams p) {
    Pair one = Pair.of(1);
    return p.kernel().equals(one) && p.stride().equals(one) && p.padding().equals(Pair.of(0));
  }

  /** {@return the input channels per group} */
  int channelsPerGroup() {
    return (int) params.weight().shape().get(1) * (pairsColumns ? 2 : 1);
  }

  /** {@return the kernel size, in columns of the actual input} */
  Pair kernel() {
    return acrossInput(params.kernel());
  }

  /** {@return the stride, in columns of the actual input} */
  Pair stride() {
    return acrossInput(params.stride());
  }

  /** {@return the padding, in columns of the actual input} */
  Pair padding() {
    return acrossInput(params.padding());
  }

  private Pair acrossInput(Pair pair) {
    return pairsColumns ? new Pair(pair.h(), pair.w() / 2) : pair;
  }

  /**
   * {@return the kernels; the engine folds a batch norm in, much faster than a JVM that has just
   * started}
   */
  WeightExpression kernelExpression() {
    Conv2dParams.Unfolded unfolded = params.unfolded();
    WeightExpression kernels =
        unfolded == null
            ? WeightExpression.unchanged(params.weight())
            : WeightExpression.product(unfolded.weight(), unfolded.scale());
    return pairsColumns ? kernels.then(pairedKernelColumns()) : kernels;
  }

  /** The kernels with their columns in pairs, the first column of a pair first. */
  private String pairedKernelColumns() {
    int out = params.outChannels();
    int in = params.inChannels();
    int h = params.kernel().h();
    int w = params.kernel().w();
    String split = TorchScript.reshape(TorchScript.INPUT, out, in, h, w / 2, 2);
    return TorchScript.reshape(TorchScript.permute(split, 0, 4, 1, 2, 3), out, 2L * in, h, w / 2);
  }

  /** {@return the biases, or {@code None}} */
  String biasExpression(InstructionPrinter out) {
    Weight bias = params.bias();
    return bias == null ? "None" : out.weight(WeightExpression.unchanged(bias));
  }

  @Override
  public void print(InstructionPrinter out) {
    out.backend().convolution(out, this);
  }
}
