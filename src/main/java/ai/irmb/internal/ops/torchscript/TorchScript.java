package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Pair;

/** Expressions of serialized TorchScript, as text. */
final class TorchScript {
  /** The place of an input in an expression, for {@link #fill}. */
  static final String INPUT = "%s";

  /** Encloses a size of a feature map; {@link SizeArguments} replaces it with an argument. */
  static final char SIZE = '#';

  private TorchScript() {}

  /**
   * {@return the format with a value in the place of each {@code %s}}
   *
   * <p>A program has some thousand of them, and is generated while a first image waits. {@link
   * String#format}, which depends on locales, takes several times as long.
   */
  static String fill(String format, Object... values) {
    StringBuilder filled = new StringBuilder(format.length() + 16 * values.length);
    int from = 0;
    for (Object value : values) {
      int at = format.indexOf(INPUT, from);
      filled.append(format, from, at).append(value);
      from = at + INPUT.length();
    }
    return filled.append(format, from, format.length()).toString();
  }

  /** {@return the call of a function} */
  static String call(String function, Object... arguments) {
    return function + "(" + joined(arguments) + ")";
  }

  /** {@return a list of two integers} */
  static String list(Pair pair) {
    return list(pair.h(), pair.w());
  }

  /** {@return a list of integers} */
  static String list(long... values) {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < values.length; i++) {
      list.append(i == 0 ? "" : ", ").append(values[i]);
    }
    return list.append(']').toString();
  }

  /**
   * {@return an integer that depends on the shape of the image: not part of the program, but an
   * argument of it}
   */
  static String size(long value) {
    return SIZE + Long.toString(value) + SIZE;
  }

  /** {@return a list of integers and expressions of integers} */
  static String sizes(Object... values) {
    return "[" + joined(values) + "]";
  }

  private static String joined(Object... values) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      joined.append(i == 0 ? "" : ", ").append(values[i]);
    }
    return joined.toString();
  }

  /** {@return the expression with its axes permuted} */
  static String permute(String x, long... axes) {
    return call("torch.permute", x, list(axes));
  }

  /** {@return the expression in another shape, copied only if a view is impossible} */
  static String reshape(String x, Object... sizes) {
    return call("torch.reshape", x, sizes(sizes));
  }

  /** {@return a view in another shape} */
  static String view(String x, Object... sizes) {
    return call("torch.view", x, sizes(sizes));
  }

  /** {@return a view of a range of one axis} */
  static String narrow(String x, int axis, Object from, Object length) {
    return call("torch.narrow", x, axis, from, length);
  }

  /** {@return a view of a feature map as (N, H, W, C)} */
  static String toNhwc(String x) {
    return permute(x, 0, 2, 3, 1);
  }

  /** {@return a view of an (N, H, W, C) array as (N, C, H, W)} */
  static String toNchw(String x) {
    return permute(x, 0, 3, 1, 2);
  }
}
