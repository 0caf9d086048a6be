package ai.irmb.internal.ops.torchscript;

/** Sizes of results along one axis, as PyTorch works them out. */
final class Sizes {
  private Sizes() {}

  static int convolved(int in, int kernel, int stride, int padding, int dilation) {
    return (in + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
  }

  static int transposed(
      int in, int kernel, int stride, int padding, int outputPadding, int dilation) {
    return (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;
  }

  /** With {@code ceil}, a last window that would start in the right padding is left out. */
  static int pooled(int in, int kernel, int stride, int padding, boolean ceil) {
    int span = in + 2 * padding - kernel;
    int out = (span + (ceil ? stride - 1 : 0)) / stride + 1;
    return ceil && (out - 1) * stride >= in + padding ? out - 1 : out;
  }

  static int strided(int in, int from, int step) {
    return (in - from + step - 1) / step;
  }
}
