package ai.irmb.internal.image;

import java.util.Arrays;
import java.util.Comparator;

/**
 * NumPy's {@code argsort} up to version 1.26: an introsort, which is not stable. Ultralytics YOLOv5
 * sorts images by aspect ratio with it, so the order of equal ratios decides which images share a
 * batch and its padding. Not safe for concurrent use.
 */
final class NumpyArgsort {
  /** Shorter ranges are sorted by insertion. */
  private static final int MIN_PARTITION = 17;

  private final double[] values;
  private final int[] order;
  private long partitionedElements;

  /**
   * @param values none of them NaN; not modified
   */
  NumpyArgsort(double[] values) {
    this.values = values;
    this.order = new int[values.length];
    Arrays.setAll(order, i -> i);
  }

  /**
   * {@return the indices of the values in ascending order}
   *
   * @param values none of them NaN; not modified
   */
  static int[] of(double[] values) {
    return new NumpyArgsort(values).sort();
  }

  /** {@return the indices of the values in ascending order} */
  int[] sort() {
    // NumPy's limit; only adversarial values reach it.
    int depthLimit = 4 * (Integer.SIZE - Integer.numberOfLeadingZeros(values.length));
    sort(0, values.length - 1, depthLimit);
    return order;
  }

  /** {@return the summed lengths of all ranges that were partitioned, a measure of the work} */
  long partitionedElements() {
    return partitionedElements;
  }

  private void sort(int first, int last, int depthLimit) {
    int low = first;
    int high = last;
    int depthLeft = depthLimit;
    while (high - low + 1 >= MIN_PARTITION) {
      if (depthLeft-- == 0) {
        mergeSort(low, high);
        return;
      }
      int pivot = partition(low, high);
      if (pivot - low < high - pivot) {
        sort(low, pivot - 1, depthLeft);
        low = pivot + 1;
      } else {
        sort(pivot + 1, high, depthLeft);
        high = pivot - 1;
      }
    }
    insertionSort(low, high);
  }

  /** {@return the final index of the median of three, which partitions the range} */
  private int partition(int low, int high) {
    partitionedElements += high - low + 1;
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

  private double at(int position) {
    return values[order[position]];
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

  private void insertionSort(int low, int high) {
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

  /**
   * Used beyond the depth limit; NumPy uses heap sort there, which differs only in the order of
   * ties.
   */
  private void mergeSort(int low, int high) {
    Integer[] part = Arrays.stream(order, low, high + 1).boxed().toArray(Integer[]::new);
    Arrays.sort(part, Comparator.comparingDouble(i -> values[i]));
    for (int i = 0; i < part.length; i++) {
      order[low + i] = part[i];
    }
  }
}
