package ai.irmb.internal.ops.torchscript;

import java.util.ArrayList;
import java.util.List;

/**
 * The tiles of a feature map that are regular in its windows.
 *
 * <p>With n windows down, row r of a map is row r / n of window r mod n. The map splits into rows
 * that all windows have, and one more row for the first few windows; likewise for the columns. Each
 * tile is a strided view of the map and of the windows, so one copy per tile cuts the map and pads
 * it. A map whose height is a multiple of n has the same four tiles, two of them empty: programs
 * for all sizes have the same text.
 */
final class WindowTiles {
  private WindowTiles() {}

  /**
   * The rows (or columns) of a tile.
   *
   * @param from first row within a window
   * @param length rows within each window
   * @param windows number of windows, from the first, that have them
   * @param step total number of windows: the first row of the map is from · step
   */
  record AxisSlice(int from, int length, int windows, int step) {
    static List<AxisSlice> of(int side, int windows) {
      int common = side / windows;
      int rest = side % windows;
      return List.of(
          new AxisSlice(0, common, windows, windows),
          new AxisSlice(common, Math.min(rest, 1), rest, windows));
    }

    int start() {
      return from * step;
    }

    int size() {
      return length * windows;
    }
  }

  /** A tile: some rows and columns of some windows. */
  record Tile(AxisSlice rows, AxisSlice columns) {
    /** {@return whether the tile fills all windows} */
    boolean coversAll(Windows windows) {
      return rows.length() == windows.height()
          && rows.windows() == windows.rows()
          && columns.length() == windows.width()
          && columns.windows() == windows.columns();
    }

    /** {@return the tile in a map (N, H, W, C), as (N, rows, columns, height, width, C)} */
    String viewOfMap(String map, int n, int c) {
      String area =
          narrow(narrow(map, 1, rows.start(), rows.size()), 2, columns.start(), columns.size());
      String split =
          TorchScript.view(
              area,
              TorchScript.size(n),
              TorchScript.size(rows.length()),
              TorchScript.size(rows.windows()),
              TorchScript.size(columns.length()),
              TorchScript.size(columns.windows()),
              c);
      return TorchScript.permute(split, 0, 2, 4, 1, 3, 5);
    }

    /** {@return the tile in the windows, (N, rows, columns, height, width, C)} */
    String viewOfWindows(String cut) {
      String some = narrow(narrow(cut, 1, 0, rows.windows()), 2, 0, columns.windows());
      return narrow(
          narrow(some, 3, rows.from(), rows.length()), 4, columns.from(), columns.length());
    }

    private static String narrow(String x, int axis, long from, long length) {
      return TorchScript.narrow(x, axis, TorchScript.size(from), TorchScript.size(length));
    }
  }

  /** {@return the tiles that cover a map of this height and width} */
  static List<Tile> of(Windows windows, int h, int w) {
    List<Tile> tiles = new ArrayList<>();
    for (AxisSlice rows : AxisSlice.of(h, windows.rows())) {
      for (AxisSlice columns : AxisSlice.of(w, windows.columns())) {
        tiles.add(new Tile(rows, columns));
      }
    }
    return tiles;
  }
}
