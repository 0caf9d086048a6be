package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.tensor.Shape;
import java.util.Optional;

/**
 * oneDNN's fused convolution, which {@code torch.compile} also uses on x86: the kernels are
 * converted to oneDNN's layout once, the activation is included, and the result is channels-last.
 *
 * @param dtype PyTorch's number for the type of the feature maps
 */
record OneDnnBackend(int dtype) implements Backend {
  /**
   * An activation within a convolution (oneDNN: <em>post-op</em>), as arguments of {@code
   * _convolution_pointwise}.
   */
  private record PostOp(String name, String scalars, String algorithm) {
    static final PostOp NONE = new PostOp("none", "", "");

    static Optional<PostOp> of(Activation activation) {
      return Optional.ofNullable(
          switch (activation.kind()) {
            case IDENTITY -> NONE;
            case SILU -> new PostOp("swish", "", "");
            case RELU -> new PostOp("relu", "", "");
            case RELU6 -> new PostOp("hardtanh", "0., 6.", "");
            case LEAKY_RELU ->
                new PostOp("leaky_relu", Double.toString(activation.parameter()), "");
            case HARDSWISH -> new PostOp("hardswish", "", "");
            case GELU -> new PostOp("gelu", "", "none");
            case SIGMOID -> new PostOp("sigmoid", "", "");
            case TANH -> new PostOp("tanh", "", "");
            default -> null;
          });
    }
  }

  @Override
  public void convolution(InstructionPrinter out, Convolution step) {
    Conv2dParams p = step.params();
    String geometry =
        TorchScript.fill(
            "%s, %s, %s, %s",
            TorchScript.list(step.padding()),
            TorchScript.list(step.stride()),
            TorchScript.list(p.dilation()),
            p.groups());
    String kernels = out.weight(kernels(step, geometry, out.symbol().inputs().get(0)));
    String bias = step.biasExpression(out);
    if (step.addsInput()) {
      out.result(
          TorchScript.fill(
                  "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, %s, \"add\", None, None, ",
                  out.input(0), out.input(1), kernels, bias, geometry)
              + "annotate(List[Optional[number]], []), None)");
      return;
    }
    Optional<PostOp> fused = PostOp.of(p.activation());
    PostOp postOp = fused.orElse(PostOp.NONE);
    String y =
        TorchScript.fill(
                "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, \"%s\", ",
                out.input(0), kernels, bias, geometry, postOp.name())
            + TorchScript.fill(
                "annotate(List[Optional[number]], [%s]), \"%s\")",
                postOp.scalars(), postOp.algorithm());
    out.result(fused.isPresent() ? y : Activations.call(out, out.let(y), p.activation(), true));
  }

  /**
   * Converts the kernels to the layout that oneDNN prefers for inputs of this size; it would
   * convert any other layout in each forward pass (docs/decisions/kernel-layout.md).
   */
  private static WeightExpression kernels(Convolution step, String geometry, Symbol input) {
    long out = step.params().outChannels();
    long in = step.channelsPerGroup();
    long h = step.kernel().h();
    long w = step.kernel().w();
    return step.kernelExpression()
        .withLayout(
            new KernelLayout(
                TorchScript.list(out, in, h, w),
                // Explicit strides, since a size of one leaves channels-last ambiguous.
                TorchScript.list(h * w * in, 1, w * in, in),
                geometry + ", " + TorchScript.list(sizes(input))));
  }

  /** {@return the sizes of the array of a value} */
  private static long[] sizes(Symbol symbol) {
    Windows windows = symbol.windows();
    return windows == null
        ? symbol.shape().toArray()
        : new long[] {symbol.size(0), symbol.size(1), windows.count(), windows.positions()};
  }

  /** oneDNN refuses to add to a map of one pixel ("could not create a memory"). */
  @Override
  public boolean fusesAddition(Activation activation, Shape result) {
    boolean isOnePixel = result.get(2) == 1 && result.get(3) == 1;
    return activation.isIdentity() && !isOnePixel;
  }

  @Override
  public boolean attendsInChunks() {
    return true;
  }

  @Override
  public boolean pairsInputColumns() {
    return true;
  }

  @Override
  public boolean filtersBeforeHeads() {
    return true;
  }
}
