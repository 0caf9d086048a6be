package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One module and all below it. Immutable.
 *
 * @param className the class as Python names it, module path included: {@code models.common.Conv},
 *     {@code torch.nn.modules.conv.Conv2d}
 * @param attributes what the module was made with, by attribute name: {@link Boolean}, {@link
 *     Long}, {@link Double}, {@link String} and (nested) {@link List}s of these; what is none of
 *     them is left out, and so is Python's {@code None}
 * @param tensors its own parameters and buffers (not those of its children) by name, in file order
 * @param children its sub-modules by name, in file order; a name such as {@code 0} in a list or
 *     sequence
 */
public record ModuleTree(
    String className,
    Map<String, Object> attributes,
    Map<String, Shape> tensors,
    Map<String, ModuleTree> children) {

  /**
   * @throws IllegalArgumentException if an attribute is of another type than those listed
   */
  public ModuleTree {
    requireNonNull(className, "className");
    Map<String, Object> checked = new LinkedHashMap<>();
    attributes.forEach((name, value) -> checked.put(name, checked(name, value)));
    attributes = Collections.unmodifiableMap(checked);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
  }

  private static Object checked(String name, Object value) {
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      for (Object element : list) {
        copy.add(checked(name, element));
      }
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof String) {
      return value;
    }
    throw new IllegalArgumentException(
        "attribute " + name + " is a " + value.getClass().getSimpleName());
  }

  /** {@return the class name without its module path: {@code Conv}} */
  public String simpleName() {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
