package ai.irmb.internal.weights.safetensors;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checked header of a safetensors file: the size of each range follows from shape and type, and
 * the ranges cover the data without gaps or overlaps.
 *
 * @param metadata text values by key
 * @param entries the tensors, in the header's order
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  static final String METADATA = "__metadata__";
  static final String DTYPE = "dtype";
  static final String SHAPE = "shape";
  static final String OFFSETS = "data_offsets";

  /**
   * One tensor.
   *
   * @param begin byte offset of its elements within the data
   * @param end byte offset after its elements
   */
  record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

  /**
   * {@return the header in a JSON object}
   *
   * @param json the object
   * @param dataSize bytes of the file after the header
   * @param where name of the header for error messages
   */
  static SafetensorsHeader of(Map<?, ?> json, long dataSize, String where, Limits limits) {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<?, ?> item : json.entrySet()) {
      String name = String.valueOf(item.getKey());
      if (name.equals(METADATA)) {
        metadata = metadata(item.getValue(), where);
      } else {
        String tensor = where + ": " + Quoting.escapeName(name);
        entries.add(entry(name, item.getValue(), tensor, limits));
      }
    }
    checkRanges(entries, dataSize, where);
    return new SafetensorsHeader(metadata, entries);
  }

  private static Map<String, String> metadata(Object value, String where) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new WeightsException(where + ": " + METADATA + " is not an object with text values");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    map.forEach(
        (key, text) -> {
          if (!(text instanceof String string)) {
            throw new WeightsException(
                where
                    + ": "
                    + METADATA
                    + ": the value of "
                    + Quoting.quote(String.valueOf(key))
                    + " is not text");
          }
          metadata.put(String.valueOf(key), string);
        });
    return metadata;
  }

  private static Entry entry(String name, Object value, String where, Limits limits) {
    if (!(value instanceof Map<?, ?> map)
        || !map.keySet().equals(Set.of(DTYPE, SHAPE, OFFSETS))
        || !(map.get(DTYPE) instanceof String type)
        || !(map.get(SHAPE) instanceof List<?> sizes)
        || !(map.get(OFFSETS) instanceof List<?> offsets)) {
      throw new WeightsException(
          where + ": expected dtype, shape and data_offsets, and only these");
    }
    DType dtype = dtype(type, where);
    Shape shape = shape(sizes, where, limits);
    if (offsets.size() != 2
        || !(offsets.get(0) instanceof Long begin)
        || !(offsets.get(1) instanceof Long end)
        || begin < 0
        || end < begin) {
      throw new WeightsException(where + ": data_offsets are not a range");
    }
    if (bytes(dtype, shape, where) != end - begin) {
      throw new WeightsException(
          where
              + ": a shape of "
              + shape
              + " and type "
              + dtype
              + " do not give the size of its range, "
              + (end - begin)
              + " bytes");
    }
    return new Entry(name, dtype, shape, begin, end);
  }

  private static DType dtype(String type, String where) {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(type)) {
        return dtype;
      }
    }
    throw new WeightsException(
        where + ": elements of type " + Quoting.quote(type) + " are not supported");
  }

  private static Shape shape(List<?> sizes, String where, Limits limits) {
    if (sizes.size() > limits.getInt(Limit.TENSOR_RANK)) {
      throw new WeightsException(
          where
              + ": "
              + sizes.size()
              + " dimensions are more than "
              + LimitMessages.limit(limits, Limit.TENSOR_RANK));
    }
    List<Long> shape = new ArrayList<>();
    for (Object size : sizes) {
      if (!(size instanceof Long number) || number < 0) {
        throw new WeightsException(where + ": a size in the shape is not an integer of at least 0");
      }
      shape.add(number);
    }
    return new Shape(shape);
  }

  private static long bytes(DType dtype, Shape shape, String where) {
    if (shape.sizes().contains(0L)) {
      return 0;
    }
    try {
      return Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    } catch (ArithmeticException e) {
      throw new WeightsException(
          where + ": the shape " + shape + " is too large, its number of elements overflows", e);
    }
  }

  private static void checkRanges(List<Entry> entries, long dataSize, String where) {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long expected = 0;
    for (Entry entry : ordered) {
      if (entry.begin() != expected) {
        throw new WeightsException(
            where
                + ": "
                + Quoting.escapeName(entry.name())
                + ": its data_offsets begin at "
                + entry.begin()
                + (entry.begin() < expected
                    ? ", which overlaps with"
                    : ", which leaves a gap after")
                + " the tensor before it, which ends at "
                + expected);
      }
      expected = entry.end();
    }
    if (expected > dataSize) {
      throw new WeightsException(
          where
              + ": the tensors take "
              + expected
              + " bytes, but the file has only "
              + dataSize
              + " after the header: it is truncated");
    }
    if (expected < dataSize) {
      throw new WeightsException(
          where + ": " + (dataSize - expected) + " trailing bytes follow the last tensor");
    }
  }
}
