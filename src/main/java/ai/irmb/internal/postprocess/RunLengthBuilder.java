package ai.irmb.internal.postprocess;

import java.util.Arrays;

/**
 * Builds the run-length encoding of a mask column by column, as COCO has it: alternating run
 * lengths of unset and set pixels, in column-major order. Not safe for concurrent use.
 */
final class RunLengthBuilder {
  private final int height;
  private int[] counts = new int[64];
  private int count;
  private boolean isOn;
  private long length;
  private long done;

  RunLengthBuilder(int height) {
    this.height = height;
  }

  /**
   * Adds the next column that has a set pixel; those between are unset.
   *
   * @param x to the right of every column before
   * @param top the row of the first value
   * @param values 0 or 1, from the top
   * @param length number of values
   */
  void column(int x, int top, byte[] values, int length) {
    long start = (long) x * height + top;
    int at = 0;
    while (at < length) {
      byte value = values[at];
      int end = at + 1;
      while (end < length && values[end] == value) {
        end++;
      }
      if (value != 0) {
        extend(false, start + at - done);
        extend(true, end - at);
      }
      at = end;
    }
  }

  private void extend(boolean on, long many) {
    done += many;
    if (on != isOn && many > 0) {
      finish();
      isOn = on;
    }
    length += many;
  }

  private void finish() {
    if (count == counts.length) {
      counts = Arrays.copyOf(counts, 2 * count);
    }
    counts[count++] = Math.toIntExact(length);
    length = 0;
  }

  /** {@return the run lengths of a mask with a number of pixels} */
  int[] build(long pixels) {
    extend(false, pixels - done);
    finish();
    return Arrays.copyOf(counts, count);
  }
}
