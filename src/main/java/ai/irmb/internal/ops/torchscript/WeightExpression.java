package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done to weights once, before the program runs. Two of them are equal if they do the same
 * to the same weights.
 *
 * @param weights what it reads
 * @param format the expression, with a {@code %s} for each weight
 * @param inDouble whether it is worked out in double precision and rounded at its end
 * @param layout in which the result should lie, or null where there is but one
 */
record WeightExpression(
    List<Weight> weights, String format, boolean inDouble, @Nullable KernelLayout layout) {
  private static final int DOUBLE = 7;

  /**
   * An order of the same numbers that suits one kind of input.
   *
   * @param format the expression that gives it, with a {@code %s} for the result in another one
   */
  record KernelLayout(String format) {
    // Written out for a fast start, see docs/decisions/start-up.md.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof KernelLayout other && format.equals(other.format);
    }

    @Override
    public int hashCode() {
      return format.hashCode();
    }
  }

  WeightExpression(List<Weight> weights, String format) {
    this(weights, format, false, null);
  }

  /** {@return the weight in the program's type} */
  static WeightExpression unchanged(Weight weight) {
    return new WeightExpression(List.of(weight), TorchScript.INPUT);
  }

  /** {@return one number a channel, shaped to go along a map} */
  static WeightExpression perChannel(Weight weight) {
    return new WeightExpression(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }

  /** {@return one weight times another, which has a number for each of its first axis} */
  static WeightExpression product(Weight weight, Weight factors) {
    String product = "torch.mul(%s, torch.view(%s, [-1, 1, 1, 1]))";
    return new WeightExpression(List.of(weight, factors), product, true, null);
  }

  /**
   * {@return the same and something more}
   *
   * @param newFormat with a {@code %s} for the result so far
   */
  WeightExpression then(String newFormat) {
    return new WeightExpression(weights, TorchScript.fill(newFormat, format), inDouble, layout);
  }

  /** {@return the same in a layout} */
  WeightExpression withLayout(KernelLayout newLayout) {
    return new WeightExpression(weights, format, inDouble, newLayout);
  }

  /**
   * {@return the whole expression}
   *
   * @param dtype of the result, in PyTorch's numbers
   * @param names of the weights
   */
  String expression(int dtype, List<String> names) {
    // Always a copy: the raw array lies in memory of Java's, and most preparations are views.
    int read = inDouble ? DOUBLE : dtype;
    Object[] inputs =
        names.stream().map(name -> "torch.to(" + name + ", " + read + ", False, True)").toArray();
    String plain = TorchScript.fill(format, inputs);
    if (inDouble) {
      plain = "torch.to(" + plain + ", " + dtype + ")";
    }
    return layout == null ? plain : TorchScript.fill(layout.format(), plain);
  }

  /** Without the layout: programs for other inputs find what the first one made, and adapt it. */
  @Override
  public boolean equals(Object o) {
    return o instanceof WeightExpression other
        && weights.equals(other.weights)
        && format.equals(other.format)
        && inDouble == other.inDouble;
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + format.hashCode();
  }
}
