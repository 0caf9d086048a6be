package ai.irmb.internal.weights.pickle;

import java.util.Arrays;
import java.util.List;

/**
 * Values under construction. A mark is a floor: what lies below it is out of reach until it goes.
 *
 * <p>Bare arrays: most of what a pickle does is to push and pop, and a cold start waits for it.
 */
final class PickleStack {
  private static final int SLOT = 8;

  private final PickleInput in;
  private PickleValue[] values = new PickleValue[64];
  private int size;
  private int[] marks = new int[16];
  private int markCount;

  /** The uppermost mark, or 0. */
  private int floor;

  private int maxSize;

  PickleStack(PickleInput in) {
    this.in = in;
  }

  void push(PickleValue value) {
    if (size >= maxSize) {
      maxSize++;
      in.reserve(SLOT);
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  PickleValue pop() {
    checkNotEmpty();
    return values[--size];
  }

  PickleValue top() {
    checkNotEmpty();
    return values[size - 1];
  }

  void mark() {
    in.reserve(3 * SLOT);
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = size;
    floor = size;
  }

  /** {@return whether nothing lies above the uppermost mark} */
  boolean isEmpty() {
    return size == floor;
  }

  boolean hasMark() {
    return markCount > 0;
  }

  /**
   * {@return what lies above the uppermost mark, in an array of its own; mark and values are gone}
   */
  List<PickleValue> popToMark() {
    if (markCount == 0) {
      throw in.error("a MARK is missing on the stack");
    }
    in.reserve((long) (size - floor) * SLOT + 2 * SLOT);
    List<PickleValue> out = Arrays.asList(Arrays.copyOfRange(values, floor, size));
    size = floor;
    markCount--;
    floor = markCount == 0 ? 0 : marks[markCount - 1];
    return out;
  }

  private void checkNotEmpty() {
    if (size == floor) {
      throw in.error("the stack is empty, but the instruction needs a value");
    }
  }
}
