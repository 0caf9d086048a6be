package ai.irmb.ops;

/**
 * The partition of a map for windowed attention. Windows are <em>strided</em>: with n1 = H / window
 * and n2 = W / window, the window (i, j) holds every n1-th row from i and every n2-th column from
 * j, not a tile. Immutable.
 *
 * @param window side of a window; 0 or less for one window over the entire map
 * @param heads number of attention heads; head h has the h-th group of C / heads consecutive
 *     channels
 * @param scale factor on q·k before the softmax
 */
public record WindowGrid(int window, int heads, double scale) {
  /**
   * @throws IllegalArgumentException if there are no heads
   */
  public WindowGrid {
    if (heads < 1) {
      throw new IllegalArgumentException("attention needs at least one head, not " + heads);
    }
  }

  /** {@return the side of a window on a map with this side} */
  public long windowOf(long side) {
    return window <= 0 ? side : window;
  }

  /** {@return the side rounded up to a multiple of the window} */
  public long padded(long side) {
    long cell = windowOf(side);
    return cell == 0 ? side : (side + cell - 1) / cell * cell;
  }
}
