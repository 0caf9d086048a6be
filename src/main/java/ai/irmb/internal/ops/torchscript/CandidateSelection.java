package ai.irmb.internal.ops.torchscript;

import ai.irmb.internal.head.HeadLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the candidates that a program selects: rows of the values of a prediction and its index,
 * divided by {@link #HALF} and the rest. Immutable.
 *
 * @param levels of the heads
 * @param isPerLevel whether there is one array per level, in which an index counts (anchors,
 *     images, rows, columns), or one array of all levels, in which it counts (levels, images, rows,
 *     columns, anchors)
 * @param checksFinite whether the first array has one more row, which is finite if the network's
 *     numbers are
 */
record CandidateSelection(List<Level> levels, boolean isPerLevel, boolean checksFinite) {
  /** What an index is divided by, so that both parts are exact in single precision. */
  static final int HALF = 1 << 16;

  private static final int INDEX_COLUMNS = 2;

  /**
   * The predictions of a level.
   *
   * @param anchors anchors per position
   * @param positions number of positions, of all images
   */
  record Level(int anchors, int positions) {
    int predictions() {
      return anchors * positions;
    }
  }

  /** {@return the selection by the program for these results} */
  static CandidateSelection of(List<Symbol> results, List<HeadLayout> heads, Backend backend) {
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      Symbol map = results.get(i);
      levels.add(new Level(heads.get(i).anchors(), map.size(0) * map.size(2) * map.size(3)));
    }
    return new CandidateSelection(
        levels,
        ScriptSource.filtersBeforeHeads(results, heads, backend),
        backend.checksFinite() && !heads.isEmpty());
  }

  /** {@return the number of arrays that the program returns} */
  int arrays() {
    return isPerLevel ? levels.size() : Math.min(levels.size(), 1);
  }

  /**
   * {@return the candidates of each level}
   *
   * @param arrays as the program returns them
   * @param columns values of a prediction, and the two parts of the index
   */
  List<HeadCandidates> read(List<float[]> arrays, int columns) {
    List<HeadCandidates> all = new ArrayList<>();
    int from = 0;
    int firstIndex = 0;
    for (int i = 0; i < levels.size(); i++) {
      int array = isPerLevel ? i : 0;
      float[] rows = arrays.get(array);
      int count = rows.length / columns - (checksFinite && array == 0 ? 1 : 0);
      Level level = levels.get(i);
      if (isPerLevel) {
        all.add(read(rows, 0, count, columns, level, 0));
      } else {
        int end = firstIndex + level.predictions();
        int to = from;
        while (to < count && index(rows, to, columns) < end) {
          to++;
        }
        all.add(read(rows, from, to, columns, level, firstIndex));
        from = to;
        firstIndex = end;
      }
    }
    return all;
  }

  /** {@return false if the program noticed NaN or infinity} */
  boolean isFinite(List<float[]> arrays) {
    return !checksFinite || Float.isFinite(arrays.get(0)[arrays.get(0).length - 1]);
  }

  private HeadCandidates read(
      float[] rows, int from, int to, int columns, Level level, int firstIndex) {
    int width = columns - INDEX_COLUMNS;
    int[] next = starts(rows, from, to, columns, level, firstIndex);
    float[] values = new float[(to - from) * width];
    long[] indices = new long[to - from];
    for (int row = from; row < to; row++) {
      int index = index(rows, row, columns) - firstIndex;
      int at = next[anchor(index, level)]++;
      System.arraycopy(rows, row * columns, values, at * width, width);
      indices[at] =
          isPerLevel
              ? index
              : (long) anchor(index, level) * level.positions() + index / level.anchors();
    }
    return new HeadCandidates(values, indices);
  }

  /** {@return where the rows of each anchor begin} */
  private int[] starts(float[] rows, int from, int to, int columns, Level level, int firstIndex) {
    int[] counts = new int[level.anchors() + 1];
    for (int row = from; row < to; row++) {
      counts[anchor(index(rows, row, columns) - firstIndex, level) + 1]++;
    }
    Arrays.parallelPrefix(counts, Integer::sum);
    return counts;
  }

  private int anchor(int index, Level level) {
    return isPerLevel ? index / level.positions() : index % level.anchors();
  }

  private static int index(float[] rows, int row, int columns) {
    int end = (row + 1) * columns;
    int high = (int) rows[end - 2];
    int low = (int) rows[end - 1];
    return high * HALF + low;
  }
}
