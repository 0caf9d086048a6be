package ai.irmb.internal.image;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The order in which NumPy up to 1.26 puts numbers: an introsort, which does not keep equal numbers
 * in their order. Upstream sorts images so, and with that it decides which of many images of one
 * shape share a batch, and a padding, with images of another. Not safe for concurrent use.
 */
final class NumpyOrder {
  /** Fewer are sorted by insertion. */
  private static final int LEAST_PARTED = 17;

  private final double[] values;
  private final int[] order;

  private NumpyOrder(double[] values) {
    this.values = values;
    this.order = new int[values.length];
    Arrays.setAll(order, i -> i);
  }

  /**
   * {@return the places of the numbers, least first}
   *
   * @param values none of them NaN; not modified
   */
  static int[] of(double[] values) {
    NumpyOrder sort = new NumpyOrder(values);
    // Only numbers that were made to part badly get so deep.
    int deepest = 4 * (Integer.SIZE - Integer.numberOfLeadingZeros(values.length));
    sort.sort(0, values.length - 1, deepest);
    return sort.order;
  }

  private void sort(int first, int last, int deepest) {
    int low = first;
    int high = last;
    int left = deepest;
    while (high - low + 1 >= LEAST_PARTED) {
      if (left-- == 0) {
        sortMerging(low, high);
        return;
      }
      int pivot = part(low, high);
      if (pivot - low < high - pivot) {
        sort(low, pivot - 1, left);
        low = pivot + 1;
      } else {
        sort(pivot + 1, high, left);
        high = pivot - 1;
      }
    }
    sortInserting(low, high);
  }

  /** {@return where the median of three ends up: nothing before is more, nothing behind less} */
  private int part(int low, int high) {
    int middle = (low + high) >>> 1;
    swapIfLess(middle, low);
    swapIfLess(high, middle);
    swapIfLess(middle, low);
    double pivot = at(middle);
    swap(middle, high - 1);
    int up = low;
    int down = high - 1;
    while (true) {
      do {
        up++;
      } while (at(up) < pivot);
      do {
        down--;
      } while (pivot < at(down));
      if (up >= down) {
        swap(up, high - 1);
        return up;
      }
      swap(up, down);
    }
  }

  private double at(int place) {
    return values[order[place]];
  }

  private void swapIfLess(int a, int b) {
    if (at(a) < at(b)) {
      swap(a, b);
    }
  }

  private void swap(int a, int b) {
    int kept = order[a];
    order[a] = order[b];
    order[b] = kept;
  }

  private void sortInserting(int low, int high) {
    for (int i = low + 1; i <= high; i++) {
      int moved = order[i];
      int to = i;
      while (to > low && values[moved] < at(to - 1)) {
        order[to] = order[to - 1];
        to--;
      }
      order[to] = moved;
    }
  }

  /** The way out where parting would take long; NumPy has a heap sort there. */
  private void sortMerging(int low, int high) {
    Integer[] part = Arrays.stream(order, low, high + 1).boxed().toArray(Integer[]::new);
    Arrays.sort(part, Comparator.comparingDouble(i -> values[i]));
    for (int i = 0; i < part.length; i++) {
      order[low + i] = part[i];
    }
  }
}
