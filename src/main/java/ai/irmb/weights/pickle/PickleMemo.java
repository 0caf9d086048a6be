package ai.irmb.weights.pickle;

import java.util.HashMap;
import java.util.Map;

/** Values by number. A map, since a file may leave holes of any size. */
final class PickleMemo {
  private static final int ENTRY = 64;

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
    in.charge(ENTRY);
    values.put(index, value);
  }

  /** Puts under the next number, which is the count of entries, as in Python. */
  void put(PickleValue value) {
    put(values.size(), value);
  }
}
