package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.WindowGrid;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a map partitioned into strided windows: an array (N, C, rows · columns, height ·
 * width), channels-last, in which the positions of a window are adjacent. Pointwise convolutions,
 * activations and channel slices apply to it as to an ordinary map.
 *
 * @param rows number of windows down the map, also the step between a window's rows
 * @param columns number of windows across, also the step between its columns
 * @param height rows of one window
 * @param width columns of one window
 */
record Windows(int rows, int columns, int height, int width) {
  /** {@return the windows of a map of this height and width, padded as needed} */
  static Windows of(WindowGrid grid, int h, int w) {
    int height = (int) grid.windowOf(h);
    int width = (int) grid.windowOf(w);
    return new Windows((int) grid.padded(h) / height, (int) grid.padded(w) / width, height, width);
  }

  /** {@return the number of windows} */
  int count() {
    return rows * columns;
  }

  /** {@return the number of positions in a window} */
  int positions() {
    return height * width;
  }

  /**
   * {@return the partitioned array as (N, rows, columns, height, width, C), for {@link
   * TorchScript#sizes}}
   */
  Object[] sizes(int n, int c) {
    return new Object[] {
      TorchScript.size(n),
      TorchScript.size(rows),
      TorchScript.size(columns),
      TorchScript.size(height),
      TorchScript.size(width),
      c
    };
  }

  /** {@return the partitioned array as (N, windows, positions, C)} */
  Object[] joinedSizes(int n, int c) {
    return new Object[] {
      TorchScript.size(n), TorchScript.size(count()), TorchScript.size(positions()), c
    };
  }

  // Written out for a fast start, see docs/decisions/start-up.md.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Windows other
        && rows == other.rows
        && columns == other.columns
        && height == other.height
        && width == other.width;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * rows + columns) + height) + width;
  }
}
