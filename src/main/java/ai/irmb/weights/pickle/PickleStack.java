package ai.irmb.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/**
 * Values under construction. A mark is a floor: what lies below it is out of reach until it goes.
 */
final class PickleStack {
  private static final int SLOT = 8;

  private final PickleInput in;
  private final List<PickleValue> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private int highest;

  PickleStack(PickleInput in) {
    this.in = in;
  }

  void push(PickleValue value) {
    if (values.size() >= highest) {
      highest++;
      in.charge(SLOT);
    }
    values.add(value);
  }

  PickleValue pop() {
    checkNotEmpty();
    return values.remove(values.size() - 1);
  }

  PickleValue top() {
    checkNotEmpty();
    return values.get(values.size() - 1);
  }

  void mark() {
    in.charge(3 * SLOT);
    marks.add(values.size());
  }

  /** {@return whether nothing lies above the uppermost mark} */
  boolean isEmpty() {
    return values.size() == floor();
  }

  boolean hasMark() {
    return !marks.isEmpty();
  }

  /**
   * {@return what lies above the uppermost mark, in a list of its own; mark and values are gone}
   */
  List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw in.error("a MARK is missing on the stack");
    }
    List<PickleValue> above = values.subList(floor(), values.size());
    in.charge((long) above.size() * SLOT + 2 * SLOT);
    List<PickleValue> out = new ArrayList<>(above);
    above.clear();
    marks.remove(marks.size() - 1);
    return out;
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private void checkNotEmpty() {
    if (isEmpty()) {
      throw in.error("the stack is empty, but the instruction needs a value");
    }
  }
}
