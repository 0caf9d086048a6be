package ai.irmb.ops;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution. Immutable.
 *
 * @param weight (C_in, C_out / groups, kernel height, kernel width)
 * @param bias (C_out), or null for none
 * @param stride step in the output
 * @param padding rows and columns removed from each side
 * @param outputPadding rows and columns added at the bottom and right
 * @param dilation step between kernel elements
 * @param groups number of independent convolutions that the channels are divided among
 */
public record ConvTranspose2dParams(
    Weight weight,
    @Nullable Weight bias,
    Pair stride,
    Pair padding,
    Pair outputPadding,
    Pair dilation,
    int groups) {
  /** Checks that nothing is missing. */
  public ConvTranspose2dParams {
    requireNonNull(weight, "weight");
    requireNonNull(stride, "stride");
    requireNonNull(padding, "padding");
    requireNonNull(outputPadding, "outputPadding");
    requireNonNull(dilation, "dilation");
  }

  /** {@return the number of output channels} */
  public int outChannels() {
    return Math.toIntExact(Math.multiplyExact(weight.shape().get(1), (long) groups));
  }

  /** {@return the kernel's size} */
  public Pair kernel() {
    return new Pair(Math.toIntExact(weight.shape().get(2)), Math.toIntExact(weight.shape().get(3)));
  }
}
