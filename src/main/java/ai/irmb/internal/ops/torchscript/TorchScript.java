package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Pair;

/** Literals of serialized TorchScript. */
final class TorchScript {
  private TorchScript() {}

  /**
   * {@return the format with a value in the place of each {@code %s}}
   *
   * <p>A program is some thousand of them, written once while a first image waits: Java's own
   * formats, which know locales, take several times as long.
   */
  static String fill(String format, Object... values) {
    return fillHoles("%s", format, values);
  }

  /** {@return the format with a value in the place of each hole, in order} */
  static String fillHoles(String hole, String format, Object... values) {
    StringBuilder filled = new StringBuilder(format.length() + 16 * values.length);
    int from = 0;
    for (Object value : values) {
      int at = format.indexOf(hole, from);
      filled.append(format, from, at).append(value);
      from = at + hole.length();
    }
    return filled.append(format, from, format.length()).toString();
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

  /** {@return the expression that orders the axes anew} */
  static String permute(String x, long... axes) {
    return "torch.permute(" + x + ", " + list(axes) + ")";
  }

  /** {@return the expression with other sizes; a copy only where a view cannot be} */
  static String reshape(String x, long... sizes) {
    return "torch.reshape(" + x + ", " + list(sizes) + ")";
  }

  /** {@return the same memory with other sizes} */
  static String view(String x, long... sizes) {
    return "torch.view(" + x + ", " + list(sizes) + ")";
  }

  /** {@return the expression for a run of one axis} */
  static String narrow(String x, int axis, long from, long length) {
    return "torch.narrow(" + x + ", " + axis + ", " + from + ", " + length + ")";
  }

  /** {@return the map with the channels as the last axis: (N, H, W, C), a view} */
  static String toNhwc(String x) {
    return permute(x, 0, 2, 3, 1);
  }

  /** {@return the inverse of {@link #toNhwc}} */
  static String toNchw(String x) {
    return permute(x, 0, 3, 1, 2);
  }
}
