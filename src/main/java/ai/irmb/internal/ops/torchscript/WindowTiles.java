package ai.irmb.internal.ops.torchscript;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a map that lie regularly in its windows.
 *
 * <p>Row r of a map is row r / n of the window r mod n, n being the number of windows. A map whose
 * height is not a multiple of n therefore has a part in which every window has all its rows and one
 * row more for the first few windows; likewise for the columns. Each part is a strided view on both
 * sides, so that one copy per part cuts the map and pads it at once.
 */
final class WindowTiles {
  private WindowTiles() {}

  /**
   * A run of one axis.
   *
   * @param from first row within a window
   * @param length rows within each window
   * @param windows how many windows, from the first, have them
   * @param step number of windows: the first row of the map is from · step
   */
  record AxisSlice(int from, int length, int windows, int step) {
    static List<AxisSlice> of(int side, int windows) {
      List<AxisSlice> runs = new ArrayList<>();
      int whole = side / windows;
      int rest = side % windows;
      if (whole > 0) {
        runs.add(new AxisSlice(0, whole, windows, windows));
      }
      if (rest > 0) {
        runs.add(new AxisSlice(whole, 1, rest, windows));
      }
      return runs;
    }

    int start() {
      return from * step;
    }

    int size() {
      return length * windows;
    }
  }

  /** One part of the map. */
  record Tile(AxisSlice rows, AxisSlice columns) {
    /** {@return whether this is all of the windows} */
    boolean coversAll(Windows windows) {
      return rows.length() == windows.height()
          && rows.windows() == windows.rows()
          && columns.length() == windows.width()
          && columns.windows() == windows.columns();
    }

    /** {@return the part's view of a map (N, H, W, C), as (N, rows, columns, height, width, C)} */
    String viewOfMap(String map, int n, int c) {
      String part =
          TorchScript.narrow(
              TorchScript.narrow(map, 1, rows.start(), rows.size()),
              2,
              columns.start(),
              columns.size());
      String split =
          TorchScript.view(
              part, n, rows.length(), rows.windows(), columns.length(), columns.windows(), c);
      return TorchScript.permute(split, 0, 2, 4, 1, 3, 5);
    }

    /** {@return the part's view of the windows, (N, rows, columns, height, width, C)} */
    String viewOfWindows(String cut) {
      String some =
          TorchScript.narrow(
              TorchScript.narrow(cut, 1, 0, rows.windows()), 2, 0, columns.windows());
      return TorchScript.narrow(
          TorchScript.narrow(some, 3, rows.from(), rows.length()),
          4,
          columns.from(),
          columns.length());
    }
  }

  /** {@return the parts of a map with these sides; together they are all of it} */
  static List<Tile> of(Windows windows, int h, int w) {
    List<Tile> pieces = new ArrayList<>();
    for (AxisSlice rows : AxisSlice.of(h, windows.rows())) {
      for (AxisSlice columns : AxisSlice.of(w, windows.columns())) {
        pieces.add(new Tile(rows, columns));
      }
    }
    return pieces;
  }
}
