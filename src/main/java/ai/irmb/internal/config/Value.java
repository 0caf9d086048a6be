package ai.irmb.internal.config;

import ai.irmb.internal.error.Quoting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a model YAML, and where it stands. Immutable. */
public sealed interface Value {
  /** {@return where it stands} */
  TextPosition place();

  /** {@return what to call it in a message: {@code text "nearest"}} */
  String describe();

  /** {@return the value as plain data: Long, Double, Boolean, String, null, List, Map} */
  @Nullable Object plain();

  /**
   * A whole number.
   *
   * @param number the number
   */
  record IntValue(long number, TextPosition place) implements Value {
    @Override
    public String describe() {
      return "number " + number;
    }

    @Override
    public Object plain() {
      return number;
    }
  }

  /**
   * A number with a fraction; finite.
   *
   * @param number the number
   */
  record DoubleValue(double number, TextPosition place) implements Value {
    @Override
    public String describe() {
      return "number " + number;
    }

    @Override
    public Object plain() {
      return number;
    }
  }

  /**
   * True or false.
   *
   * @param set which
   */
  record BoolValue(boolean set, TextPosition place) implements Value {
    @Override
    public String describe() {
      return set ? "true" : "false";
    }

    @Override
    public Object plain() {
      return set;
    }
  }

  /**
   * Text.
   *
   * @param text as written
   */
  record StringValue(String text, TextPosition place) implements Value {
    @Override
    public String describe() {
      return "text " + Quoting.quote(text);
    }

    @Override
    public Object plain() {
      return text;
    }
  }

  /** Nothing: an empty value, {@code ~}, {@code null}. */
  record NullValue(TextPosition place) implements Value {
    @Override
    public String describe() {
      return "nothing";
    }

    @Override
    public @Nullable Object plain() {
      return null;
    }
  }

  /**
   * Values in order.
   *
   * @param values in order
   */
  record ListValue(List<Value> values, TextPosition place) implements Value {
    /** Copies the list. */
    public ListValue {
      values = List.copyOf(values);
    }

    @Override
    public String describe() {
      return "a list of " + values.size();
    }

    @Override
    public Object plain() {
      List<@Nullable Object> list = new ArrayList<>();
      values.forEach(value -> list.add(value.plain()));
      return Collections.unmodifiableList(list);
    }
  }

  /**
   * Values by name, in file order.
   *
   * @param values by name
   */
  record Table(Map<String, Value> values, TextPosition place) implements Value {
    /** Copies the map. */
    public Table {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    @Override
    public String describe() {
      return "a mapping";
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      values.forEach((name, value) -> map.put(name, value.plain()));
      return Collections.unmodifiableMap(map);
    }
  }

  /**
   * {@return plain data as a value without a place}
   *
   * @param data {@link Map} with text keys, {@link List}, {@link String}, {@link Long}, {@link
   *     Integer}, {@link Double}, {@link Boolean}, null, nested at most {@code depth} deep
   * @param depth levels that are still allowed
   * @throws IllegalArgumentException if it is anything else
   */
  static Value ofPlain(@Nullable Object data, int depth) {
    if (depth < 0) {
      throw new IllegalArgumentException("nested too deep");
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
      list.forEach(element -> values.add(ofPlain(element, depth - 1)));
      return new ListValue(values, TextPosition.NONE);
    }
    if (data instanceof Map<?, ?> map) {
      Map<String, Value> values = new LinkedHashMap<>();
      map.forEach((name, value) -> values.put(String.valueOf(name), ofPlain(value, depth - 1)));
      return new Table(values, TextPosition.NONE);
    }
    throw new IllegalArgumentException(
        "a " + data.getClass().getSimpleName() + " is not plain data");
  }
}
