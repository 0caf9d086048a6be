package ai.irmb.internal.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/**
 * The stack of the pickle machine. While a mark is on it, the values below the mark cannot be
 * reached.
 */
final class PickleStack {
  private static final int SLOT_BYTES = 8;

  private final PickleInput in;
  private final List<PickleValue> values = new ArrayList<>();

  /** The size of the stack when each mark was set. */
  private final List<Integer> marks = new ArrayList<>();

  /** The size that memory was reserved for. */
  private int reservedSize;

  PickleStack(PickleInput in) {
    this.in = in;
  }

  void push(PickleValue value) {
    if (values.size() == reservedSize) {
      in.reserve(SLOT_BYTES);
      reservedSize++;
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
    in.reserve(3 * SLOT_BYTES);
    marks.add(values.size());
  }

  /** {@return whether there is no value above the topmost mark} */
  boolean isEmpty() {
    return values.size() == bottom();
  }

  boolean hasMark() {
    return !marks.isEmpty();
  }

  /** Removes the topmost mark and the values above it. {@return these values} */
  List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw in.error("a MARK is missing on the stack");
    }
    List<PickleValue> above = values.subList(bottom(), values.size());
    in.reserve((long) above.size() * SLOT_BYTES + 2 * SLOT_BYTES);
    List<PickleValue> popped = new ArrayList<>(above);
    above.clear();
    marks.remove(marks.size() - 1);
    return popped;
  }

  private int bottom() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private void checkNotEmpty() {
    if (isEmpty()) {
      throw in.error("the stack is empty, but the instruction needs a value");
    }
  }
}
