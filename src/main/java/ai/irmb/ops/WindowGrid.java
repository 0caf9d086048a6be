package ai.irmb.ops;

/**
 * How a map is cut for windowed attention. Windows are <em>strided</em>: with n1 = H / window and
 * n2 = W / window, the window (i, j) holds every n1-th row from i and every n2-th column from j,
 * not a tile. Immutable.
 *
 * @param window side of a window; 0 or less for one window over the whole map
 * @param heads number of attention heads; head h has the h-th run of C / heads channels
 * @param scale factor on q·k before the softmax
 */
public record WindowGrid(int window, int heads, double scale) {
  /**
   * @throws IllegalArgumentException if there is no head
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

  /** {@return the least side that windows fill, at or above this one} */
  public long padded(long side) {
    long cell = windowOf(side);
    return cell == 0 ? side : (side + cell - 1) / cell * cell;
  }
}
