package ai.irmb.internal.config;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a YAML with its position. Immutable. */
public sealed interface Value {
  /** {@return the position in the file} */
  TextPosition position();

  /** {@return a description for error messages: {@code text "nearest"}} */
  String describe();

  /** {@return the value as plain data: Long, Double, Boolean, String, null, List, Map} */
  @Nullable Object toPlainData();

  /**
   * An integer.
   *
   * @param value the number
   */
  record IntValue(long value, TextPosition position) implements Value {
    @Override
    public String describe() {
      return "number " + value;
    }

    @Override
    public Object toPlainData() {
      return value;
    }
  }

  /**
   * A number with a fraction; finite.
   *
   * @param value the number
   */
  record DoubleValue(double value, TextPosition position) implements Value {
    @Override
    public String describe() {
      return "number " + value;
    }

    @Override
    public Object toPlainData() {
      return value;
    }
  }

  /**
   * True or false.
   *
   * @param value the value
   */
  record BoolValue(boolean value, TextPosition position) implements Value {
    @Override
    public String describe() {
      return value ? "true" : "false";
    }

    @Override
    public Object toPlainData() {
      return value;
    }
  }

  /**
   * Text.
   *
   * @param value as written
   */
  record StringValue(String value, TextPosition position) implements Value {
    @Override
    public String describe() {
      return "text " + Quoting.quote(value);
    }

    @Override
    public Object toPlainData() {
      return value;
    }
  }

  /** Nothing: an empty value, {@code ~}, {@code null}. */
  record NullValue(TextPosition position) implements Value {
    @Override
    public String describe() {
      return "nothing";
    }

    @Override
    public @Nullable Object toPlainData() {
      return null;
    }
  }

  /**
   * Values in order.
   *
   * @param values in order
   */
  record ListValue(List<Value> values, TextPosition position) implements Value {
    /** Copies the list. */
    public ListValue {
      values = List.copyOf(values);
    }

    @Override
    public String describe() {
      return "a list of " + values.size();
    }

    @Override
    public Object toPlainData() {
      List<@Nullable Object> list = new ArrayList<>();
      values.forEach(value -> list.add(value.toPlainData()));
      return Collections.unmodifiableList(list);
    }
  }

  /**
   * Values by name, in file order.
   *
   * @param entries by name
   */
  record MapValue(Map<String, Value> entries, TextPosition position) implements Value {
    /** Copies the map. */
    public MapValue {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String describe() {
      return "a mapping";
    }

    @Override
    public Map<String, @Nullable Object> toPlainData() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      entries.forEach((name, value) -> map.put(name, value.toPlainData()));
      return Collections.unmodifiableMap(map);
    }
  }

  /**
   * {@return a value without a position from plain data}
   *
   * @param data {@link Map} with text keys, {@link List}, {@link String}, {@link Long}, {@link
   *     Integer}, {@link Double}, {@link Boolean}, null, nested at most {@code depth} levels deep
   * @param depth maximum nesting depth
   * @throws IllegalArgumentException if it is anything else
   */
  static Value ofPlainData(@Nullable Object data, int depth) {
    if (depth < 0) {
      throw new IllegalArgumentException(
          "it is nested deeper than allowed; " + LimitMessages.remedy(Limit.YAML_DEPTH));
    }
    if (data == null) {
      return new NullValue(TextPosition.NONE);
    }
    if (data instanceof Boolean flag) {
      return new BoolValue(flag, TextPosition.NONE);
    }
    if (data instanceof Long || data instanceof Integer) {
      return new IntValue(((Number) data).longValue(), TextPosition.NONE);
    }
    if (data instanceof Double number) {
      return new DoubleValue(number, TextPosition.NONE);
    }
    if (data instanceof String text) {
      return new StringValue(text, TextPosition.NONE);
    }
    if (data instanceof List<?> list) {
      List<Value> values = new ArrayList<>();
      list.forEach(element -> values.add(ofPlainData(element, depth - 1)));
      return new ListValue(values, TextPosition.NONE);
    }
    if (data instanceof Map<?, ?> map) {
      Map<String, Value> values = new LinkedHashMap<>();
      map.forEach((name, value) -> values.put(String.valueOf(name), ofPlainData(value, depth - 1)));
      return new MapValue(values, TextPosition.NONE);
    }
    throw new IllegalArgumentException(
        "a " + data.getClass().getSimpleName() + " is not plain data");
  }
}
