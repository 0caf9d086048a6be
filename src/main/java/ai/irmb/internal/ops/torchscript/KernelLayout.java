package ai.irmb.internal.ops.torchscript;

import org.jspecify.annotations.Nullable;

/**
 * A memory layout of convolution kernels: the one that oneDNN prefers for inputs of one shape.
 *
 * @param sizes of the kernels
 * @param strides of the kernels in channels-last order
 * @param arguments the geometry of the convolution, and the sizes of its input
 */
record KernelLayout(String sizes, String strides, String arguments) {
  /** {@return the conversion, with a {@code %s} for the kernels as PyTorch has them} */
  String conversion() {
    return reorder(channelsLast());
  }

  /**
   * {@return the conversion, with a {@code %s} for {@linkplain #channelsLast channels-last}
   * kernels}
   */
  String conversionOfChannelsLast() {
    return reorder(TorchScript.INPUT);
  }

  /**
   * {@return the kernels in channels-last order, from which oneDNN converts to all layouts quickly,
   * with a {@code %s} for the kernels as PyTorch has them}
   */
  String channelsLast() {
    String kernels = TorchScript.call("torch.reshape", TorchScript.INPUT, sizes);
    String last = "torch.contiguous(torch.permute(" + kernels + ", [0, 2, 3, 1]))";
    return TorchScript.call("torch.as_strided", last, sizes, strides);
  }

  /**
   * {@return the conversion of uninitialized kernels, with a {@code %s} for any array}
   *
   * @param dtype PyTorch's number of the kernels' type
   */
  String conversionOfEmpty(int dtype) {
    return reorder(
        TorchScript.fill(
            "torch.new_empty_strided(%s, %s, %s, dtype=%s)",
            TorchScript.INPUT, sizes, strides, dtype));
  }

  private String reorder(String kernels) {
    return "ops.mkldnn._reorder_convolution_weight(" + kernels + ", " + arguments + ")";
  }

  // Written out for a fast start, see docs/decisions/start-up.md.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof KernelLayout other
        && arguments.equals(other.arguments)
        && sizes.equals(other.sizes)
        && strides.equals(other.strides);
  }

  @Override
  public int hashCode() {
    return 31 * arguments.hashCode() + sizes.hashCode();
  }
}
