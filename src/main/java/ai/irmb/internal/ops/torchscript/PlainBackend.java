package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;

/**
 * PyTorch's ordinary convolution, then the activation in place: for CUDA, and for processors
 * without oneDNN.
 *
 * @param dtype PyTorch's number for the type of the maps
 */
record PlainBackend(int dtype) implements Backend {
  @Override
  public void convolution(Statement out, Convolution step) {
    Conv2dParams p = step.params();
    String bias = step.biases(out);
    String y =
        out.let(
            Code.fill(
                "torch.conv2d(%s, %s, %s, %s, %s, %s, %s)",
                out.input(0),
                out.weight(step.kernels().then("torch.contiguous(%s, memory_format=2)")),
                bias,
                Code.list(step.stride()),
                Code.list(step.padding()),
                Code.list(p.dilation()),
                p.groups()));
    String activated = Activations.call(out, y, p.activation(), true);
    out.result(step.plus() ? "torch.add_(" + activated + ", " + out.input(1) + ")" : activated);
  }

  @Override
  public boolean addsInConvolution(Activation activation) {
    return false;
  }

  @Override
  public boolean attendsInRuns() {
    return false;
  }

  @Override
  public boolean pairsFirstColumns() {
    return false;
  }

  @Override
  public boolean picksBeforeHeads() {
    return false;
  }
}
