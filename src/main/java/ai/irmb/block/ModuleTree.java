package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A module and all of its submodules, without the values of its tensors. Immutable.
 *
 * @param className the Python class with its module path: {@code models.common.Conv}, {@code
 *     torch.nn.modules.conv.Conv2d}
 * @param attributes its constructor arguments, by attribute name; Python's {@code None} is left out
 * @param tensors its own parameters and buffers, without those of its children, by name, in file
 *     order
 * @param children its submodules by name, in file order; {@code 0}, {@code 1}, … in a list or
 *     sequence
 */
public record ModuleTree(
    String className,
    Map<String, Attribute> attributes,
    Map<String, Shape> tensors,
    Map<String, ModuleTree> children) {

  /** Copies the maps. */
  public ModuleTree {
    requireNonNull(className, "className");
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
  }

  /** {@return the class name without its module path: {@code Conv}} */
  public String simpleName() {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** {@return the same module with other attributes} */
  public ModuleTree withAttributes(Map<String, Attribute> newAttributes) {
    return new ModuleTree(className, newAttributes, tensors, children);
  }

  /** {@return the same module with other submodules} */
  public ModuleTree withChildren(Map<String, ModuleTree> newChildren) {
    return new ModuleTree(className, attributes, tensors, newChildren);
  }
}
