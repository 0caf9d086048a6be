package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A computation on weights that is done once, before the first forward pass. Two are equal if they
 * do the same to the same weights.
 *
 * @param weights the operands
 * @param format the expression, with a {@code %s} per weight
 * @param inDouble whether it is computed in double precision and rounded at the end
 * @param layout of the result in memory, or null for the default
 */
record WeightExpression(
    List<Weight> weights, String format, boolean inDouble, @Nullable KernelLayout layout) {
  private static final int DOUBLE = 7;

  WeightExpression(List<Weight> weights, String format) {
    this(weights, format, false, null);
  }

  /** {@return the weight, in the program's type} */
  static WeightExpression unchanged(Weight weight) {
    return new WeightExpression(List.of(weight), TorchScript.INPUT);
  }

  /** {@return a weight of one value per channel, as (1, C, 1, 1)} */
  static WeightExpression perChannel(Weight weight) {
    return new WeightExpression(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }

  /** {@return a weight, multiplied along its first axis by the values of another} */
  static WeightExpression product(Weight weight, Weight factors) {
    String product = "torch.mul(%s, torch.view(%s, [-1, 1, 1, 1]))";
    return new WeightExpression(List.of(weight, factors), product, true, null);
  }

  /**
   * {@return this, followed by another computation}
   *
   * @param newFormat with a {@code %s} for the value of this
   */
  WeightExpression then(String newFormat) {
    return new WeightExpression(weights, TorchScript.fill(newFormat, format), inDouble, layout);
  }

  /** {@return this, in a memory layout} */
  WeightExpression withLayout(KernelLayout newLayout) {
    return new WeightExpression(weights, format, inDouble, newLayout);
  }

  /**
   * {@return the complete expression}
   *
   * @param dtype of the result, as PyTorch's number of the type
   * @param names of the weights
   */
  String toScript(int dtype, List<String> names) {
    // Always a copy: the raw array is memory of the JVM, and most of these expressions are views.
    int read = inDouble ? DOUBLE : dtype;
    Object[] inputs =
        names.stream().map(name -> "torch.to(" + name + ", " + read + ", False, True)").toArray();
    String plain = TorchScript.fill(format, inputs);
    if (inDouble) {
      plain = "torch.to(" + plain + ", " + dtype + ")";
    }
    return layout == null ? plain : TorchScript.fill(layout.conversion(), plain);
  }

  /** {@return the number of elements of the operands} */
  long elements() {
    return weights.stream().mapToLong(weight -> weight.shape().elements()).sum();
  }

  /** Ignores the layout: programs for other input shapes find these weights, and reorder them. */
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
