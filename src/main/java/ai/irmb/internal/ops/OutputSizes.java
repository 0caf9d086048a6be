package ai.irmb.internal.ops;

/** PyTorch's output sizes along one axis. A size below 1 means that the input is too small. */
public final class OutputSizes {
  private OutputSizes() {}

  /** {@return the output size of a convolution} */
  public static long convolved(long in, int kernel, int stride, int padding, int dilation) {
    return Math.floorDiv(in + 2L * padding - (long) dilation * (kernel - 1) - 1, stride) + 1;
  }

  /** {@return the output size of a transposed convolution} */
  public static long transposed(
      long in, int kernel, int stride, int padding, int outputPadding, int dilation) {
    return (in - 1) * stride - 2L * padding + (long) dilation * (kernel - 1) + outputPadding + 1;
  }

  /**
   * {@return the output size of a pooling}
   *
   * @param ceil whether a window that extends beyond the input gives a value, unless it starts in
   *     the padding at the end
   */
  public static long pooled(long in, int kernel, int stride, int padding, boolean ceil) {
    long span = in + 2L * padding - kernel;
    long out = Math.floorDiv(span + (ceil ? stride - 1 : 0), stride) + 1;
    return ceil && (out - 1) * stride >= in + padding ? out - 1 : out;
  }

  /** {@return the output size of taking every {@code step}-th element, beginning at one} */
  public static long strided(long in, int from, int step) {
    return Math.floorDiv(in - from + step - 1, step);
  }
}
