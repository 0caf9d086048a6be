package ai.irmb.ops;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A two-dimensional convolution with an optional bias, batch norm and activation. Immutable.
 *
 * @param weight (C_out, C_in / groups, kernel height, kernel width), batch norm folded in
 * @param bias (C_out), or null for none
 * @param stride step of the kernel
 * @param padding zeros on each side
 * @param dilation step between kernel elements
 * @param groups number of independent convolutions that the channels are divided among
 * @param activation applied to the result
 * @param unfolded the convolution and its batch norm before folding, or null if there was none;
 *     eager execution uses it, to compute in PyTorch's order of operations
 */
public record Conv2dParams(
    Weight weight,
    @Nullable Weight bias,
    Pair stride,
    Pair padding,
    Pair dilation,
    int groups,
    Activation activation,
    @Nullable Unfolded unfolded) {

  /**
   * A convolution and the batch norm after it, not folded. Immutable.
   *
   * @param weight of the convolution alone
   * @param bias of the convolution alone, or null
   * @param scale factor per channel, in double precision
   * @param shift summand per channel
   */
  public record Unfolded(Weight weight, @Nullable Weight bias, Weight scale, Weight shift) {}

  /** A convolution without a norm. */
  public Conv2dParams(
      Weight weight,
      @Nullable Weight bias,
      Pair stride,
      Pair padding,
      Pair dilation,
      int groups,
      Activation activation) {
    this(weight, bias, stride, padding, dilation, groups, activation, null);
  }

  /** Rejects null. */
  public Conv2dParams {
    requireNonNull(weight, "weight");
    requireNonNull(stride, "stride");
    requireNonNull(padding, "padding");
    requireNonNull(dilation, "dilation");
    requireNonNull(activation, "activation");
  }

  /** {@return the 1 × 1 convolution, a linear layer over the channels} */
  public static Conv2dParams pointwise(
      Weight weight, @Nullable Weight bias, Activation activation) {
    return new Conv2dParams(weight, bias, Pair.of(1), Pair.of(0), Pair.of(1), 1, activation);
  }

  /** {@return the number of output channels} */
  public int outChannels() {
    return Math.toIntExact(weight.shape().get(0));
  }

  /** {@return the number of input channels} */
  public int inChannels() {
    return Math.toIntExact(Math.multiplyExact(weight.shape().get(1), (long) groups));
  }

  /** {@return the kernel's size} */
  public Pair kernel() {
    return new Pair(Math.toIntExact(weight.shape().get(2)), Math.toIntExact(weight.shape().get(3)));
  }

  /** {@return the same convolution followed by another function} */
  public Conv2dParams withActivation(Activation newActivation) {
    return new Conv2dParams(
        weight, bias, stride, padding, dilation, groups, newActivation, unfolded);
  }
}
