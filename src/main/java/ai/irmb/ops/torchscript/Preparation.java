package ai.irmb.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;

/**
 * What is done to weights once, before the program runs. Two of them are equal if they do the same
 * to the same weights, and are then done once.
 *
 * @param weights what it reads
 * @param format the expression, with a {@code %s} for each weight
 * @param hint how the expression ends; says what the result should be quick for, not what it is, so
 *     that programs for other shapes share what the first one made
 */
record Preparation(List<Weight> weights, String format, String hint) {
  Preparation(List<Weight> weights, String format) {
    this(weights, format, "");
  }

  /** {@return the weight in the program's type} */
  static Preparation plain(Weight weight) {
    return new Preparation(List.of(weight), "%s");
  }

  /** {@return one number a channel, shaped to go along a map} */
  static Preparation column(Weight weight) {
    return new Preparation(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }

  /** {@return the same with a hint} */
  Preparation forInput(String newHint) {
    return new Preparation(weights, format, newHint);
  }

  /** {@return the whole expression} */
  String expression(Object... names) {
    return format.formatted(names) + hint;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Preparation other
        && weights.equals(other.weights)
        && format.equals(other.format);
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + format.hashCode();
  }
}
