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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts YAML values to a {@link ModelConfig} and checks the type and range of every field. */
final class ModelConfigBuilder {
  private static final double MAX_MULTIPLE = 64;
  private static final String DEPTH = "depth_multiple";
  private static final String WIDTH = "width_multiple";

  private final String source;
  private final Limits limits;

  ModelConfigBuilder(String source, Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  ModelConfig build(Value root) {
    if (!(root instanceof MapValue mapping)) {
      throw error(root, "expected a mapping with nc, backbone and head, found " + root.describe());
    }
    Map<String, Value> keys = mapping.entries();
    requireMultiples(mapping);
    double depth = multiple(mapping, DEPTH);
    List<LayerConfig> layers = new ArrayList<>();
    layers(mapping, "backbone", depth, layers);
    layers(mapping, "head", depth, layers);
    if (layers.size() > limits.getInt(Limit.LAYERS)) {
      throw error(
          mapping,
          layers.size() + " layers are more than " + LimitMessages.limit(limits, Limit.LAYERS));
    }
    List<List<Double>> anchors = anchors(mapping);
    return new ModelConfig(
        source,
        integer(mapping, "nc", null, Limit.CLASSES),
        depth,
        multiple(mapping, WIDTH),
        integer(mapping, "ch", 3, Limit.CHANNELS),
        text(keys, "activation"),
        anchors,
        anchors.isEmpty()
            ? integer(mapping, "anchors", null, ModelConfig.MAX_ANCHORS)
            : anchors.get(0).size() / 2,
        bottleneck(keys),
        layers,
        mapping);
  }

  private ModelConfigException error(Value at, String problem) {
    return new ModelConfigException(at.position().in(source) + ": " + problem);
  }

  private Value required(MapValue mapping, String key) {
    Value value = mapping.entries().get(key);
    if (value == null) {
      throw error(mapping, "the key " + key + " is missing");
    }
    return value;
  }

  private int integer(MapValue mapping, String key, @Nullable Integer defaultValue, int max) {
    if (defaultValue != null && mapping.entries().get(key) == null) {
      return defaultValue;
    }
    Value value = required(mapping, key);
    if (value instanceof IntValue integer && integer.value() >= 1 && integer.value() <= max) {
      return (int) integer.value();
    }
    throw error(value, key + ": " + expected(max, value));
  }

  private int integer(MapValue mapping, String key, @Nullable Integer defaultValue, Limit limit) {
    Value value = mapping.entries().get(key);
    String remedy = value == null ? "" : remedy(value, limit);
    if (value != null && !remedy.isEmpty()) {
      throw error(value, key + ": " + expected(limits.getInt(limit), value) + remedy);
    }
    return integer(mapping, key, defaultValue, limits.getInt(limit));
  }

  private static String expected(int max, Value value) {
    return "expected an integer from 1 to " + max + ", found " + value.describe();
  }

  /** {@return how to raise the limit, or an empty text if the value does not exceed it} */
  private String remedy(Value value, Limit limit) {
    return value instanceof IntValue integer && integer.value() > limits.get(limit)
        ? "; " + LimitMessages.remedy(limit)
        : "";
  }

  private void requireMultiples(MapValue mapping) {
    List<String> missing =
        Stream.of(DEPTH, WIDTH).filter(key -> !mapping.entries().containsKey(key)).toList();
    if (!missing.isEmpty()) {
      throw error(
          mapping,
          String.join(" and ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " missing"
              + (mapping.entries().containsKey("scales")
                  ? "; scales is a key of YOLOv8 and later: a YOLOv5 YAML has both factors at its"
                      + " top level"
                  : "; a YOLOv5 YAML has both factors, 1.0 where nothing is scaled"));
    }
  }

  private double multiple(MapValue mapping, String key) {
    Value value = required(mapping, key);
    double number =
        value instanceof DoubleValue real
            ? real.value()
            : value instanceof IntValue integer ? integer.value() : -1;
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

  private List<List<Double>> anchors(MapValue mapping) {
    Value value = required(mapping, "anchors");
    return value instanceof IntValue ? List.of() : AnchorValues.parse(value, source);
  }

  private List<Value> items(Value value, String name) {
    if (value instanceof ListValue items) {
      return items.values();
    }
    throw error(value, name + ": expected a list, found " + value.describe());
  }

  private void layers(MapValue mapping, String key, double depth, List<LayerConfig> into) {
    for (Value layer : items(required(mapping, key), key)) {
      into.add(layer(into.size(), layer, depth));
    }
  }

  private LayerConfig layer(int index, Value layer, double depth) {
    List<Value> fields = items(layer, "layer " + index);
    if (fields.size() != 4) {
      throw error(
          layer,
          "layer "
              + index
              + ": expected [from, number, module, arguments], found "
              + fields.size()
              + " values");
    }
    Value module = fields.get(2);
    if (!(module instanceof StringValue name)) {
      throw error(
          module, "layer " + index + ": expected the name of a module, found " + module.describe());
    }
    int number = number(index, fields.get(1));
    return new LayerConfig(
        index,
        from(index, fields.get(0)),
        fields.get(0) instanceof ListValue,
        number,
        repeats(index, fields.get(1), number, depth),
        name.value(),
        items(
            fields.get(3), "layer " + index + " (" + Quoting.quote(name.value()) + "), arguments"),
        layer.position());
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
      if (!(source instanceof IntValue integer)) {
        throw error(
            source,
            "layer " + index + ", from: expected a layer's index, found " + source.describe());
      }
      if (Math.abs((double) integer.value()) > limits.getInt(Limit.LAYERS)) {
        throw error(source, "layer " + index + " reads from " + integer.value());
      }
      from.add((int) integer.value());
    }
    if (from.isEmpty()) {
      throw error(
          value, "layer " + index + ", from: expected a layer's index, found an empty list");
    }
    return from;
  }

  private int number(int index, Value value) {
    if (value instanceof IntValue integer
        && integer.value() >= 1
        && integer.value() <= limits.getInt(Limit.REPEATS)) {
      return (int) integer.value();
    }
    throw error(
        value,
        "layer "
            + index
            + ", number: "
            + expected(limits.getInt(Limit.REPEATS), value)
            + remedy(value, Limit.REPEATS));
  }

  /** Rounds half to even, as Python does. */
  private int repeats(int index, Value at, int number, double depth) {
    double repeats = number > 1 ? Math.max(Math.rint(number * depth), 1) : number;
    if (repeats > limits.getInt(Limit.REPEATS)) {
      throw error(
          at,
          "layer "
              + index
              + ": depth_multiple gives "
              + (long) repeats
              + " repeats, more than "
              + LimitMessages.limit(limits, Limit.REPEATS));
    }
    return (int) repeats;
  }
}
