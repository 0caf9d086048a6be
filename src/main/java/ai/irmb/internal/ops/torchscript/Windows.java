package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.WindowGrid;
import org.jspecify.annotations.Nullable;

/**
 * A map that was cut into strided windows: the array is (N, C, rows · columns, height · width),
 * channels-last, so that a window's positions lie together with the channels innermost. Pointwise
 * convolutions, activations and channel slices do not see the difference.
 *
 * @param rows number of windows down the map, also the step between a window's rows
 * @param columns number of windows across, also the step between its columns
 * @param height rows of one window
 * @param width columns of one window
 */
record Windows(int rows, int columns, int height, int width) {
  /** {@return the cut of a map with these sides, padded as far as need be} */
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
