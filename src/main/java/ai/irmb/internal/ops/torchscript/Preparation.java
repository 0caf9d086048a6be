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
 * @param exact whether it is worked out in double precision and rounded at its end
 * @param layout in which the result should lie, or null where there is but one
 */
record Preparation(List<Weight> weights, String format, boolean exact, @Nullable Layout layout) {
  private static final int DOUBLE = 7;

  /**
   * An order of the same numbers that suits one kind of input.
   *
   * @param format the expression that gives it, with a {@code %s} for the result in another one
   */
  record Layout(String format) {
    // Written out for a fast start, see docs/decisions/start-up.md.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Layout other && format.equals(other.format);
    }

    @Override
    public int hashCode() {
      return format.hashCode();
    }
  }

  Preparation(List<Weight> weights, String format) {
    this(weights, format, false, null);
  }

  /** {@return the weight in the program's type} */
  static Preparation plain(Weight weight) {
    return new Preparation(List.of(weight), "%s");
  }

  /** {@return one number a channel, shaped to go along a map} */
  static Preparation column(Weight weight) {
    return new Preparation(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }

  /** {@return one weight times another, which has a number for each of its first axis} */
  static Preparation product(Weight weight, Weight factors) {
    String product = "torch.mul(%s, torch.view(%s, [-1, 1, 1, 1]))";
    return new Preparation(List.of(weight, factors), product, true, null);
  }

  /**
   * {@return the same and something more}
   *
   * @param newFormat with a {@code %s} for the result so far
   */
  Preparation then(String newFormat) {
    return new Preparation(weights, Code.fill(newFormat, format), exact, layout);
  }

  /** {@return the same in a layout} */
  Preparation in(Layout newLayout) {
    return new Preparation(weights, format, exact, newLayout);
  }

  /**
   * {@return the whole expression}
   *
   * @param dtype of the result, in PyTorch's numbers
   * @param names of the weights
   */
  String expression(int dtype, List<String> names) {
    // Always a copy: the raw array lies in memory of Java's, and most preparations are views.
    int read = exact ? DOUBLE : dtype;
    Object[] inputs =
        names.stream().map(name -> "torch.to(" + name + ", " + read + ", False, True)").toArray();
    String plain = Code.fill(format, inputs);
    if (exact) {
      plain = "torch.to(" + plain + ", " + dtype + ")";
    }
    return layout == null ? plain : Code.fill(layout.format(), plain);
  }

  /** Without the layout: programs for other inputs find what the first one made, and adapt it. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Preparation other
        && weights.equals(other.weights)
        && format.equals(other.format)
        && exact == other.exact;
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + format.hashCode();
  }
}
