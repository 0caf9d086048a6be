package ai.irmb.internal.weights.pickle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by number. Picklers count from 0, so that an array has nearly all; what a file leaves
 * holes before, of any size, is in a map.
 */
final class PickleMemo {
  private static final int ENTRY = 64;

  private final PickleInput in;
  private @Nullable PickleValue[] dense = new @Nullable PickleValue[256];
  private final Map<Long, PickleValue> beyond = new HashMap<>();
  private int count;

  PickleMemo(PickleInput in) {
    this.in = in;
  }

  PickleValue get(long index) {
    PickleValue value = find(index);
    if (value == null) {
      throw in.error("memo entry " + index + " was never put");
    }
    return value;
  }

  private @Nullable PickleValue find(long index) {
    PickleValue value = index >= 0 && index < dense.length ? dense[(int) index] : null;
    return value == null && !beyond.isEmpty() ? beyond.get(index) : value;
  }

  void put(long index, PickleValue value) {
    if (index < 0) {
      throw in.error("memo index " + index + " is negative");
    }
    in.reserve(ENTRY);
    if (find(index) == null) {
      count++;
    }
    if (index == dense.length && count >= dense.length / 2) {
      dense = Arrays.copyOf(dense, 2 * dense.length);
    }
    if (index < dense.length) {
      dense[(int) index] = value;
    } else {
      beyond.put(index, value);
    }
  }

  /** Puts under the next number, which is the count of entries, as in Python. */
  void put(PickleValue value) {
    put(count, value);
  }
}
