package ai.irmb.ops;

import org.jspecify.annotations.Nullable;

/**
 * A height and a width, in PyTorch's order. Immutable.
 *
 * @param h along the height
 * @param w along the width
 */
public record Pair(int h, int w) {
  /** {@return a pair of equal values} */
  public static Pair of(int both) {
    return new Pair(both, both);
  }

  // Written out for a fast start, see docs/decisions/start-up.md.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Pair other && h == other.h && w == other.w;
  }

  @Override
  public int hashCode() {
    return 31 * h + w;
  }
}
