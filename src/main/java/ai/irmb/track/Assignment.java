package ai.irmb.track;

import java.util.Arrays;

/**
 * Solves the linear assignment problem by shortest augmenting paths (Jonker and Volgenant 1987).
 */
final class Assignment {
  private Assignment() {}

  /**
   * {@return the column of each row, or −1: the pairs with the greatest sum of gains; a pair
   * without a positive gain is left out}
   *
   * @param gains of a row with a column, finite; not modified
   */
  static int[] maximize(double[][] gains) {
    int rows = gains.length;
    int columns = rows == 0 ? 0 : gains[0].length;
    if (rows <= columns) {
      return withGain(gains, columnOfRows(gains));
    }
    double[][] transposed = new double[columns][rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column][row] = gains[row][column];
      }
    }
    int[] rowOf = columnOfRows(transposed);
    int[] columnOf = new int[rows];
    Arrays.fill(columnOf, -1);
    for (int column = 0; column < columns; column++) {
      columnOf[rowOf[column]] = column;
    }
    return withGain(gains, columnOf);
  }

  private static int[] withGain(double[][] gains, int[] columnOf) {
    for (int row = 0; row < columnOf.length; row++) {
      if (columnOf[row] >= 0 && !(gains[row][columnOf[row]] > 0)) {
        columnOf[row] = -1;
      }
    }
    return columnOf;
  }

  /**
   * Assigns a column to every row. A negative gain counts as zero, so that leaving a row out costs
   * nothing. Columns are counted from 1; column 0 stands for the row that is being assigned.
   */
  private static int[] columnOfRows(double[][] gains) {
    int rows = gains.length;
    int columns = rows == 0 ? 0 : gains[0].length;
    double[] rowPrice = new double[rows];
    double[] columnPrice = new double[columns + 1];
    int[] rowOf = new int[columns + 1];
    Arrays.fill(rowOf, -1);
    int[] before = new int[columns + 1];
    for (int next = 0; next < rows; next++) {
      rowOf[0] = next;
      int column = 0;
      double[] minCost = new double[columns + 1];
      Arrays.fill(minCost, Double.POSITIVE_INFINITY);
      boolean[] done = new boolean[columns + 1];
      do {
        done[column] = true;
        int row = rowOf[column];
        int nearest = 0;
        double step = Double.POSITIVE_INFINITY;
        for (int c = 1; c <= columns; c++) {
          if (!done[c]) {
            double reduced = -Math.max(gains[row][c - 1], 0) - rowPrice[row] - columnPrice[c];
            if (reduced < minCost[c]) {
              minCost[c] = reduced;
              before[c] = column;
            }
            if (minCost[c] < step) {
              step = minCost[c];
              nearest = c;
            }
          }
        }
        for (int c = 0; c <= columns; c++) {
          if (done[c]) {
            rowPrice[rowOf[c]] += step;
            columnPrice[c] -= step;
          } else {
            minCost[c] -= step;
          }
        }
        column = nearest;
      } while (rowOf[column] >= 0);
      while (column != 0) {
        rowOf[column] = rowOf[before[column]];
        column = before[column];
      }
    }
    int[] columnOf = new int[rows];
    for (int c = 1; c <= columns; c++) {
      if (rowOf[c] >= 0) {
        columnOf[rowOf[c]] = c - 1;
      }
    }
    return columnOf;
  }
}
