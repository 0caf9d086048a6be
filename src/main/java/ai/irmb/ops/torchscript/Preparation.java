package ai.irmb.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done to weights once, before the program runs. Two of them are equal if they do the same
 * to the same weights.
 *
 * @param weights what it reads
 * @param format the expression, with a {@code %s} for each weight
 * @param layout in which the result should lie, or null where there is but one
 */
record Preparation(List<Weight> weights, String format, @Nullable Layout layout) {
  /**
   * An order of the same numbers that suits one kind of input.
   *
   * @param format the expression that gives it, with a {@code %s} for the result in another one
   */
  record Layout(String format) {}

  Preparation(List<Weight> weights, String format) {
    this(weights, format, null);
  }

  /** {@return the weight in the program's type} */
  static Preparation plain(Weight weight) {
    return new Preparation(List.of(weight), "%s");
  }

  /** {@return one number a channel, shaped to go along a map} */
  static Preparation column(Weight weight) {
    return new Preparation(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }

  /** {@return the same in a layout} */
  Preparation in(Layout newLayout) {
    return new Preparation(weights, format, newLayout);
  }

  /**
   * {@return the whole expression}
   *
   * @param names of the weights
   */
  String expression(Object... names) {
    String plain = format.formatted(names);
    return layout == null ? plain : layout.format().formatted(plain);
  }

  /** Without the layout: programs for other inputs find what the first one made, and adapt it. */
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
