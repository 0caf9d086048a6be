package ai.irmb.internal.checkpoint;

import ai.irmb.block.Attribute;
import ai.irmb.block.Attribute.BoolAttribute;
import ai.irmb.block.Attribute.DoubleAttribute;
import ai.irmb.block.Attribute.IntAttribute;
import ai.irmb.block.Attribute.ListAttribute;
import ai.irmb.block.Attribute.StringAttribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts a module tree to and from plain data for JSON: {@code class} and, unless empty, {@code
 * attributes}, {@code tensors} (name to sizes) and {@code children}. JSON has neither infinity nor
 * NaN, so such an attribute is written {@code {"double": "Infinity"}}.
 */
final class ModuleTreeJson {
  private static final String CLASS = "class";
  private static final String ATTRIBUTES = "attributes";
  private static final String TENSORS = "tensors";
  private static final String CHILDREN = "children";
  private static final String DOUBLE = "double";

  private ModuleTreeJson() {}

  /** {@return the tree as maps, lists, text and numbers} */
  static Map<String, Object> write(ModuleTree tree) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(CLASS, tree.className());
    if (!tree.attributes().isEmpty()) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      tree.attributes().forEach((name, value) -> attributes.put(name, writeAttribute(value)));
      out.put(ATTRIBUTES, attributes);
    }
    if (!tree.tensors().isEmpty()) {
      Map<String, Object> tensors = new LinkedHashMap<>();
      tree.tensors().forEach((name, shape) -> tensors.put(name, shape.sizes()));
      out.put(TENSORS, tensors);
    }
    if (!tree.children().isEmpty()) {
      Map<String, Object> children = new LinkedHashMap<>();
      tree.children().forEach((name, child) -> children.put(name, write(child)));
      out.put(CHILDREN, children);
    }
    return out;
  }

  /**
   * {@return the tree in parsed JSON}
   *
   * @param json the JSON, whose depth the parser has limited
   * @param where name of the JSON for error messages
   */
  static ModuleTree read(Object json, String where) {
    if (!(json instanceof Map<?, ?> map) || !(map.get(CLASS) instanceof String className)) {
      throw new WeightsException(where + ": expected a module with its class");
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    part(map, ATTRIBUTES, where)
        .forEach((name, value) -> attributes.put((String) name, readAttribute(value, where)));
    Map<String, Shape> tensors = new LinkedHashMap<>();
    part(map, TENSORS, where)
        .forEach((name, value) -> tensors.put((String) name, readShape(value, where)));
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    part(map, CHILDREN, where)
        .forEach((name, value) -> children.put((String) name, read(value, where)));
    return new ModuleTree(className, attributes, tensors, children);
  }

  private static Map<?, ?> part(Map<?, ?> map, String key, String where) {
    if (!map.containsKey(key)) {
      return Map.of();
    }
    if (!(map.get(key) instanceof Map<?, ?> part)) {
      throw new WeightsException(where + ": " + key + " is not an object");
    }
    return part;
  }

  private static Object writeAttribute(Attribute attribute) {
    if (attribute instanceof BoolAttribute bool) {
      return bool.value();
    }
    if (attribute instanceof IntAttribute integer) {
      return integer.value();
    }
    if (attribute instanceof DoubleAttribute number) {
      return Double.isFinite(number.value())
          ? (Object) number.value()
          : Map.of(DOUBLE, number.toString());
    }
    if (attribute instanceof StringAttribute text) {
      return text.value();
    }
    return attribute.elements().stream().map(ModuleTreeJson::writeAttribute).toList();
  }

  private static Attribute readAttribute(Object value, String where) {
    if (value instanceof List<?> list) {
      List<Attribute> elements = new ArrayList<>();
      list.forEach(item -> elements.add(readAttribute(item, where)));
      return new ListAttribute(elements);
    }
    if (value instanceof Map<?, ?> map && map.get(DOUBLE) instanceof String name) {
      return switch (name) {
        case "NaN" -> Attribute.of(Double.NaN);
        case "Infinity" -> Attribute.of(Double.POSITIVE_INFINITY);
        case "-Infinity" -> Attribute.of(Double.NEGATIVE_INFINITY);
        default -> throw new WeightsException(where + ": an attribute is not a number");
      };
    }
    if (value instanceof Boolean bool) {
      return Attribute.of(bool);
    }
    if (value instanceof Long integer) {
      return Attribute.of(integer);
    }
    if (value instanceof Double number) {
      return Attribute.of(number);
    }
    if (value instanceof String text) {
      return Attribute.of(text);
    }
    throw new WeightsException(where + ": an attribute is neither number, text nor list");
  }

  private static Shape readShape(Object value, String where) {
    List<Long> sizes = new ArrayList<>();
    for (Object size : value instanceof List<?> list ? list : List.of(-1L)) {
      if (!(size instanceof Long number) || number < 0) {
        throw new WeightsException(where + ": the shape of a tensor is not a list of sizes");
      }
      sizes.add(number);
    }
    return new Shape(sizes);
  }
}
