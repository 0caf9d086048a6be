package ai.irmb.ops;

/**
 * A number for the rows and one for the columns, in PyTorch's order. Immutable.
 *
 * @param h along the height
 * @param w along the width
 */
public record Pair(int h, int w) {
  /** {@return the same number twice} */
  public static Pair of(int both) {
    return new Pair(both, both);
  }
}
