package ai.irmb.internal.checkpoint;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.Real;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts pickle values to Java numbers, text, lists and maps. A value that is nested too deep, or
 * that shares parts so often that the result exceeds the memory budget, is an error: a small pickle
 * can describe huge data.
 */
final class PlainDataConverter {
  /** The result for values that are neither number, text, list nor map. */
  static final Object NOT_PLAIN = new Object();

  /** Estimated size of one value in memory. */
  private static final int VALUE_BYTES = 40;

  /** Larger or deeper attributes do not configure a network and are skipped. */
  private static final int MAX_ATTRIBUTE_VALUES = 10_000;

  private static final int MAX_ATTRIBUTE_DEPTH = 8;

  private final String fileName;
  private final Limits limits;
  private final MemoryBudget budget;
  private int maxDepth;
  private long remainingValues;
  private boolean isAttribute;

  PlainDataConverter(String fileName, Limits limits, MemoryBudget budget) {
    this.fileName = fileName;
    this.limits = limits;
    this.budget = budget;
  }

  /**
   * {@return Boolean, Long, Double, String, List, Map with text keys, null for None, or {@link
   * #NOT_PLAIN} if the value or a part of it is something else}
   *
   * @param what name of the value, for error messages
   */
  @Nullable Object convert(PickleValue value, String what) {
    reset(false);
    return convert(value, what, 0);
  }

  /** {@return the converted attribute of a module, or {@link #NOT_PLAIN} if it is large or deep} */
  @Nullable Object convertAttribute(PickleValue value, String what) {
    reset(true);
    return convert(value, what, 0);
  }

  private void reset(boolean attribute) {
    isAttribute = attribute;
    maxDepth = attribute ? MAX_ATTRIBUTE_DEPTH : limits.getInt(Limit.PICKLE_DEPTH);
    remainingValues = attribute ? MAX_ATTRIBUTE_VALUES : Long.MAX_VALUE;
  }

  /** {@return the value as a map with text keys, or null if it is not a dict of plain data} */
  @Nullable Map<String, @Nullable Object> convertMap(@Nullable PickleValue value, String what) {
    if (!(value instanceof Dict dict)) {
      return null;
    }
    reset(false);
    return convertDict(dict, what, 0);
  }

  private @Nullable Object convert(PickleValue value, String what, int depth) {
    remainingValues--;
    if (isAttribute && (depth > maxDepth || remainingValues < 0)) {
      return NOT_PLAIN;
    }
    if (depth > maxDepth) {
      throw new WeightsException(
          fileName
              + ": "
              + what
              + " is nested deeper than "
              + LimitMessages.limit(limits, Limit.PICKLE_DEPTH));
    }
    reserve(what);
    if (value == PickleValue.None.NONE) {
      return null;
    }
    if (value instanceof Bool bool) {
      return bool.value();
    }
    if (value instanceof Int number) {
      return number.value();
    }
    if (value instanceof Real number) {
      return number.value();
    }
    if (value instanceof Text text) {
      return text.value();
    }
    return compound(value, what, depth);
  }

  private Object compound(PickleValue value, String what, int depth) {
    if (value instanceof Sequence sequence) {
      return list(sequence.items(), what, depth);
    }
    if (value instanceof Tuple tuple) {
      return list(tuple.items(), what, depth);
    }
    Object out = null;
    if (value instanceof Dict dict) {
      out = convertDict(dict, what, depth);
    } else if (value instanceof Call call) {
      out = isSize(call) ? sizes(call, what, depth) : NumpyScalar.of(call);
    }
    return out == null ? NOT_PLAIN : out;
  }

  private static boolean isSize(Call call) {
    return call.function().fullName().equals("torch.Size") && call.arguments().items().size() == 1;
  }

  private @Nullable Object sizes(Call call, String what, int depth) {
    return call.arguments().items().get(0) instanceof Tuple tuple
        ? list(tuple.items(), what, depth)
        : null;
  }

  private Object list(List<PickleValue> items, String what, int depth) {
    List<@Nullable Object> out = new ArrayList<>();
    for (PickleValue item : items) {
      Object converted = convert(item, what, depth + 1);
      if (converted == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      out.add(converted);
    }
    return out;
  }

  private @Nullable Map<String, @Nullable Object> convertDict(Dict dict, String what, int depth) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    for (Map.Entry<PickleValue, PickleValue> entry : dict.entries().entrySet()) {
      Object converted = convert(entry.getValue(), what, depth + 1);
      String key = key(entry.getKey());
      if (converted == NOT_PLAIN || key == null) {
        return null;
      }
      if (out.containsKey(key)) {
        throw new WeightsException(
            fileName + ": " + what + ": the key " + Quoting.quote(key) + " occurs twice");
      }
      out.put(key, converted);
    }
    return out;
  }

  private static @Nullable String key(PickleValue key) {
    if (key instanceof Int number) {
      return Long.toString(number.value());
    }
    return key instanceof Text text ? text.value() : null;
  }

  private void reserve(String what) {
    if (!budget.tryReserve(VALUE_BYTES)) {
      throw new WeightsException(fileName + ": " + what + " " + budget.exceededMessage());
    }
  }
}
