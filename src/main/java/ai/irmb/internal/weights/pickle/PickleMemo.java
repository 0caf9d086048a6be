package ai.irmb.internal.weights.pickle;

import java.util.HashMap;
import java.util.Map;

/** The memo of a pickle: values by the index under which later instructions refer to them. */
final class PickleMemo {
  private static final int ENTRY_BYTES = 64;

  private final PickleInput in;
  private final Map<Long, PickleValue> values = new HashMap<>();

  PickleMemo(PickleInput in) {
    this.in = in;
  }

  PickleValue get(long index) {
    PickleValue value = values.get(index);
    if (value == null) {
      throw in.error("memo entry " + index + " was never put");
    }
    return value;
  }

  void put(long index, PickleValue value) {
    if (index < 0) {
      throw in.error("memo index " + index + " is negative");
    }
    in.reserve(ENTRY_BYTES);
    values.put(index, value);
  }

  /** Puts a value under the next index, which in Python is the number of entries. */
  void put(PickleValue value) {
    put(values.size(), value);
  }
}
