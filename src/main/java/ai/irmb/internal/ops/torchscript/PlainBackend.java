package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.tensor.Shape;

/**
 * PyTorch's {@code conv2d}, then the activation in place: for CUDA, and for CPUs without fused
 * convolutions.
 *
 * @param dtype PyTorch's number for the type of the feature maps
 */
record PlainBackend(int dtype) implements Backend {
  @Override
  public void convolution(InstructionPrinter out, Convolution step) {
    Conv2dParams p = step.params();
    String bias = step.biasExpression(out);
    String y =
        out.let(
            TorchScript.call(
                "torch.conv2d",
                out.input(0),
                out.weight(step.kernelExpression().then("torch.contiguous(%s, memory_format=2)")),
                bias,
                TorchScript.list(step.stride()),
                TorchScript.list(step.padding()),
                TorchScript.list(p.dilation()),
                p.groups()));
    String activated = Activations.call(out, y, p.activation(), true);
    out.result(
        step.addsInput() ? "torch.add_(" + activated + ", " + out.input(1) + ")" : activated);
  }

  @Override
  public boolean fusesAddition(Activation activation, Shape result) {
    return false;
  }

  @Override
  public boolean attendsInChunks() {
    return false;
  }

  @Override
  public boolean pairsInputColumns() {
    return false;
  }

  @Override
  public boolean filtersBeforeHeads() {
    return false;
  }

  @Override
  public String toAttention(String value) {
    return value;
  }

  @Override
  public String fromAttention(String value) {
    return value;
  }
}
