package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;

/**
 * A convolution.
 *
 * @param params what it does to a map as the network has it
 * @param addsInput whether a second input is added to the result
 * @param pairsColumns whether its input's columns come in pairs, two of the network's as one with
 *     twice the channels; see {@link PairInputColumns}
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

  /** {@return whether it sees one position at a time} */
  static boolean isPointwise(Conv2dParams p) {
    Pair one = Pair.of(1);
    return p.kernel().equals(one) && p.stride().equals(one) && p.padding().equals(Pair.of(0));
  }

  /** {@return the channels that one group reads} */
  int channelsPerGroup() {
    return (int) params.weight().shape().get(1) * (pairsColumns ? 2 : 1);
  }

  /** {@return the kernel's size, over the input as it comes} */
  Pair kernel() {
    return acrossInput(params.kernel());
  }

  /** {@return the kernel's step, over the input as it comes} */
  Pair stride() {
    return acrossInput(params.stride());
  }

  /** {@return the zeros on each side of the input as it comes} */
  Pair padding() {
    return acrossInput(params.padding());
  }

  private Pair acrossInput(Pair pair) {
    return pairsColumns ? new Pair(pair.h(), pair.w() / 2) : pair;
  }

  /**
   * {@return how its kernels are prepared; the engine multiplies a norm's factors in, much sooner
   * than a JVM that has just been started}
   */
  WeightExpression kernelExpression() {
    Conv2dParams.Plain plain = params.plain();
    WeightExpression kernels =
        plain == null
            ? WeightExpression.unchanged(params.weight())
            : WeightExpression.product(plain.weight(), plain.scale());
    return pairsColumns ? kernels.then(pairedKernelColumns()) : kernels;
  }

  /** The kernel's columns in pairs, the first of each pair first. */
  private String pairedKernelColumns() {
    int out = params.outChannels();
    int in = params.inChannels();
    int h = params.kernel().h();
    int w = params.kernel().w();
    String split = TorchScript.reshape(TorchScript.INPUT, out, in, h, w / 2, 2);
    return TorchScript.reshape(TorchScript.permute(split, 0, 4, 1, 2, 3), out, 2L * in, h, w / 2);
  }

  /** {@return the expression that gives its biases} */
  String biasExpression(InstructionPrinter out) {
    Weight bias = params.bias();
    return bias == null ? "None" : out.weight(WeightExpression.unchanged(bias));
  }

  @Override
  public void print(InstructionPrinter out) {
    out.backend().convolution(out, this);
  }
}
