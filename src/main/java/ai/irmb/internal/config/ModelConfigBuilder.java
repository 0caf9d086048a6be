package ai.irmb.internal.config;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.config.Value.DoubleValue;
import ai.irmb.internal.config.Value.IntValue;
import ai.irmb.internal.config.Value.ListValue;
import ai.irmb.internal.config.Value.MapValue;
import ai.irmb.internal.config.Value.NullValue;
import ai.irmb.internal.config.Value.StringValue;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values → {@link ModelConfig}: every field typed, every number in range. */
final class ModelConfigBuilder {
  private static final double MAX_MULTIPLE = 64;

  private final String source;
  private final Limits limits;

  ModelConfigBuilder(String source, Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  ModelConfig build(Value root) {
    if (!(root instanceof MapValue table)) {
      throw error(root, "expected a mapping with nc, backbone and head, found " + root.describe());
    }
    Map<String, Value> keys = table.entries();
    double depth = multiple(keys, "depth_multiple");
    List<LayerConfig> layers = new ArrayList<>();
    layers(table, "backbone", depth, layers);
    layers(table, "head", depth, layers);
    if (layers.size() > limits.getInt(Limit.LAYERS)) {
      throw error(
          table,
          layers.size() + " layers are more than " + LimitMessages.limit(limits, Limit.LAYERS));
    }
    List<List<Double>> anchors = anchors(table);
    return new ModelConfig(
        source,
        whole(table, "nc", null, Limit.CLASSES),
        depth,
        multiple(keys, "width_multiple"),
        whole(table, "ch", 3, Limit.CHANNELS),
        text(keys, "activation"),
        anchors,
        anchors.isEmpty() ? whole(table, "anchors", null, 64) : anchors.get(0).size() / 2,
        bottleneck(keys),
        layers,
        table);
  }

  private ModelConfigException error(Value at, String what) {
    return new ModelConfigException(at.position().in(source) + ": " + what);
  }

  private Value needed(MapValue table, String key) {
    Value value = table.entries().get(key);
    if (value == null) {
      throw error(table, "the key " + key + " is missing");
    }
    return value;
  }

  private int whole(MapValue table, String key, @Nullable Integer otherwise, int most) {
    if (otherwise != null && table.entries().get(key) == null) {
      return otherwise;
    }
    Value value = needed(table, key);
    if (value instanceof IntValue whole && whole.value() >= 1 && whole.value() <= most) {
      return (int) whole.value();
    }
    throw error(value, key + ": " + expected(most, value));
  }

  private int whole(MapValue table, String key, @Nullable Integer otherwise, Limit limit) {
    Value value = table.entries().get(key);
    String remedy = value == null ? "" : remedy(value, limit);
    if (value != null && !remedy.isEmpty()) {
      throw error(value, key + ": " + expected(limits.getInt(limit), value) + remedy);
    }
    return whole(table, key, otherwise, limits.getInt(limit));
  }

  private static String expected(int max, Value value) {
    return "expected an integer from 1 to " + max + ", found " + value.describe();
  }

  /** {@return how to raise the limit, or nothing if the value does not exceed it} */
  private String remedy(Value value, Limit limit) {
    return value instanceof IntValue integer && integer.value() > limits.get(limit)
        ? "; " + LimitMessages.remedy(limit)
        : "";
  }

  private double multiple(Map<String, Value> keys, String key) {
    Value value = keys.get(key);
    if (value == null) {
      return 1;
    }
    double number =
        value instanceof DoubleValue real
            ? real.value()
            : value instanceof IntValue w ? w.value() : -1;
    if (number > 0 && number <= MAX_MULTIPLE) {
      return number;
    }
    throw error(
        value,
        key
            + ": expected a number above 0 and at most "
            + (int) MAX_MULTIPLE
            + ", found "
            + value.describe());
  }

  private Optional<String> text(Map<String, Value> keys, String key) {
    Value value = keys.get(key);
    if (value == null || value instanceof NullValue) {
      return Optional.empty();
    }
    if (value instanceof StringValue text) {
      return Optional.of(text.value());
    }
    throw error(value, key + ": expected text, found " + value.describe());
  }

  private Optional<BottleneckKind> bottleneck(Map<String, Value> keys) {
    Optional<String> word = text(keys, "bottleneck");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    for (BottleneckKind kind : BottleneckKind.values()) {
      if (kind.text().equals(word.get())) {
        return Optional.of(kind);
      }
    }
    Value value = keys.get("bottleneck");
    throw error(
        value == null ? new NullValue(TextPosition.NONE) : value,
        "bottleneck: expected standard or irmb, found text " + Quoting.quote(word.get()));
  }

  private List<List<Double>> anchors(MapValue table) {
    Value value = needed(table, "anchors");
    if (value instanceof IntValue) {
      return List.of();
    }
    List<List<Double>> rows = new ArrayList<>();
    for (Value row : items(value, "anchors")) {
      List<Double> numbers = new ArrayList<>();
      for (Value number : items(row, "anchors")) {
        numbers.add(anchor(number));
      }
      if (numbers.isEmpty()
          || numbers.size() % 2 != 0
          || (!rows.isEmpty() && rows.get(0).size() != numbers.size())) {
        throw error(row, "anchors: expected pairs of width and height, as many at every level");
      }
      rows.add(numbers);
    }
    if (rows.isEmpty()) {
      throw error(value, "anchors: expected a row for each level, found none");
    }
    return rows;
  }

  private double anchor(Value value) {
    if (value instanceof IntValue whole && whole.value() >= 0) {
      return whole.value();
    }
    if (value instanceof DoubleValue real && real.value() >= 0) {
      return real.value();
    }
    throw error(value, "anchors: expected a size in pixels, found " + value.describe());
  }

  private List<Value> items(Value value, String what) {
    if (value instanceof ListValue items) {
      return items.values();
    }
    throw error(value, what + ": expected a list, found " + value.describe());
  }

  private void layers(MapValue table, String key, double depth, List<LayerConfig> into) {
    for (Value row : items(needed(table, key), key)) {
      into.add(layer(into.size(), row, depth));
    }
  }

  private LayerConfig layer(int index, Value row, double depth) {
    List<Value> parts = items(row, "layer " + index);
    if (parts.size() != 4) {
      throw error(
          row,
          "layer "
              + index
              + ": expected [from, number, module, arguments], found "
              + parts.size()
              + " values");
    }
    Value module = parts.get(2);
    if (!(module instanceof StringValue name)) {
      throw error(
          module, "layer " + index + ": expected a module's name, found " + module.describe());
    }
    int number = number(index, parts.get(1));
    return new LayerConfig(
        index,
        from(index, parts.get(0)),
        parts.get(0) instanceof ListValue,
        number,
        repeats(index, parts.get(1), number, depth),
        name.value(),
        items(parts.get(3), "layer " + index + " (" + Quoting.quote(name.value()) + "), arguments"),
        row.position());
  }

  private List<Integer> from(int index, Value value) {
    List<Integer> from = new ArrayList<>();
    if (value instanceof ListValue sources
        && sources.values().size() > limits.getInt(Limit.LAYERS)) {
      throw error(
          value,
          "layer "
              + index
              + ", from: "
              + sources.values().size()
              + " layers are more than "
              + LimitMessages.limit(limits, Limit.LAYERS));
    }
    for (Value source : value instanceof ListValue items ? items.values() : List.of(value)) {
      if (!(source instanceof IntValue whole)) {
        throw error(
            source,
            "layer " + index + ", from: expected a layer's number, found " + source.describe());
      }
      long at = whole.value() < 0 ? index + whole.value() : whole.value();
      boolean image = index == 0 && whole.value() == -1;
      if (!image && (at < 0 || at >= index)) {
        throw error(
            source,
            "layer "
                + index
                + " reads from "
                + whole.value()
                + ", which is not a layer before it; expected "
                + (index == 0 ? "-1" : "0 to " + (index - 1) + ", or -1 to -" + index));
      }
      from.add((int) whole.value());
    }
    if (from.isEmpty()) {
      throw error(
          value, "layer " + index + ", from: expected a layer's number, found an empty list");
    }
    return from;
  }

  private int number(int index, Value value) {
    if (value instanceof IntValue whole
        && whole.value() >= 1
        && whole.value() <= limits.getInt(Limit.REPEATS)) {
      return (int) whole.value();
    }
    throw error(
        value,
        "layer "
            + index
            + ", number: "
            + expected(limits.getInt(Limit.REPEATS), value)
            + remedy(value, Limit.REPEATS));
  }

  /** Half to even, as Python rounds. */
  private int repeats(int index, Value at, int number, double depth) {
    double repeats = number > 1 ? Math.max(Math.rint(number * depth), 1) : number;
    if (repeats > limits.getInt(Limit.REPEATS)) {
      throw error(
          at,
          "layer "
              + index
              + ": depth_multiple makes "
              + (long) repeats
              + " repeats, more than "
              + LimitMessages.limit(limits, Limit.REPEATS));
    }
    return (int) repeats;
  }
}
