package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import java.util.Optional;

/**
 * oneDNN's fused convolution, the one that {@code torch.compile} uses on x86: the weights are put
 * into oneDNN's own order once, the activation rides along, and the result is channels-last.
 *
 * @param dtype PyTorch's number for the type of the maps
 */
record OneDnnBackend(int dtype) implements Backend {
  /** What follows a convolution within it, in the terms of {@code _convolution_pointwise}. */
  private record Tail(String name, String scalars, String algorithm) {
    static final Tail NONE = new Tail("none", "", "");

    static Optional<Tail> of(Activation activation) {
      return Optional.ofNullable(
          switch (activation.kind()) {
            case IDENTITY -> NONE;
            case SILU -> new Tail("swish", "", "");
            case RELU -> new Tail("relu", "", "");
            case RELU6 -> new Tail("hardtanh", "0., 6.", "");
            case LEAKY_RELU -> new Tail("leaky_relu", Double.toString(activation.a()), "");
            case HARDSWISH -> new Tail("hardswish", "", "");
            case GELU -> new Tail("gelu", "", "none");
            case SIGMOID -> new Tail("sigmoid", "", "");
            case TANH -> new Tail("tanh", "", "");
            default -> null;
          });
    }
  }

  @Override
  public void convolution(Statement out, Convolution step) {
    Conv2dParams p = step.params();
    String geometry =
        Code.fill(
            "%s, %s, %s, %s",
            Code.list(step.padding()),
            Code.list(step.stride()),
            Code.list(p.dilation()),
            p.groups());
    String kernels = out.weight(kernels(step, geometry, out.symbol().inputs().get(0)));
    String bias = step.biases(out);
    if (step.plus()) {
      out.result(
          Code.fill(
                  "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, %s, \"add\", None, None, ",
                  out.input(0), out.input(1), kernels, bias, geometry)
              + "annotate(List[Optional[number]], []), None)");
      return;
    }
    Optional<Tail> fused = Tail.of(p.activation());
    Tail tail = fused.orElse(Tail.NONE);
    String y =
        Code.fill(
                "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, \"%s\", ",
                out.input(0), kernels, bias, geometry, tail.name())
            + Code.fill(
                "annotate(List[Optional[number]], [%s]), \"%s\")",
                tail.scalars(), tail.algorithm());
    out.result(fused.isPresent() ? y : Activations.call(out, out.let(y), p.activation(), true));
  }

  /**
   * oneDNN puts the kernels into the order that it wants for maps of the strides and sizes that it
   * is told; in another one it would turn them anew in each pass.
   */
  private static Preparation kernels(Convolution step, String geometry, Symbol input) {
    long out = step.params().outChannels();
    long in = step.channelsOfGroup();
    long h = step.kernel().h();
    long w = step.kernel().w();
    String dense = Code.reshape("%s", out, in, h, w);
    // The strides say channels-last also where a size of one leaves them open.
    String strided =
        "torch.as_strided(torch.contiguous(torch.permute("
            + dense
            + ", [0, 2, 3, 1])), "
            + Code.list(out, in, h, w)
            + ", "
            + Code.list(h * w * in, 1, w * in, in)
            + ")";
    return step.kernels()
        .in(
            new Preparation.Layout(
                "ops.mkldnn._reorder_convolution_weight("
                    + strided
                    + ", "
                    + geometry
                    + ", "
                    + Code.list(sizes(input))
                    + ")"));
  }

  /** {@return the sizes of the array that holds a value} */
  private static long[] sizes(Symbol symbol) {
    Windows windows = symbol.windows();
    return windows == null
        ? symbol.shape().toArray()
        : new long[] {symbol.size(0), symbol.size(1), windows.count(), windows.positions()};
  }

  @Override
  public boolean addsInConvolution(Activation activation) {
    return activation.isIdentity();
  }

  @Override
  public boolean attendsInRuns() {
    return true;
  }

  @Override
  public boolean pairsFirstColumns() {
    return true;
  }

  @Override
  public boolean picksBeforeHeads() {
    return true;
  }
}
