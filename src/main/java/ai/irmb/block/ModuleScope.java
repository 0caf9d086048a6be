package ai.irmb.block;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A module of a tree as its reader sees it: attributes, weights and sub-modules by name. It notes
 * what was asked for, so that a part of a trained module that the reader does not know is an error
 * instead of silence. Belongs to one reader, not safe for concurrent use.
 */
public final class ModuleScope {
  private static final Set<String> UNUSED_TENSORS = Set.of("num_batches_tracked", "anchor_grid");

  private final BlockRegistry registry;
  private final StateDict state;
  private final ModuleTree tree;
  private final String path;
  private final String layer;
  private final Set<String> read = new HashSet<>();

  private ModuleScope(
      BlockRegistry registry, StateDict state, ModuleTree tree, String path, String layer) {
    this.registry = registry;
    this.state = state;
    this.tree = tree;
    this.path = path;
    this.layer = layer;
  }

  /**
   * {@return the scope of a module}
   *
   * @param registry knows the classes of its sub-modules
   * @param state the weights
   * @param tree the module
   * @param path where it stands, {@code model.18}
   * @param layer what to call the layer in a message, {@code layer 18 (iRMB)}
   */
  public static ModuleScope of(
      BlockRegistry registry, StateDict state, ModuleTree tree, String path, String layer) {
    return new ModuleScope(registry, state, tree, path, layer);
  }

  /** {@return the module} */
  public ModuleTree tree() {
    return tree;
  }

  /** {@return where the module stands, {@code model.18.qk}} */
  public String path() {
    return path;
  }

  /** {@return an error about this module, not yet thrown} */
  public WeightsException error(String what) {
    return new WeightsException(
        state.source()
            + ": "
            + layer
            + ", module "
            + path
            + " ("
            + tree.className()
            + "): "
            + what);
  }

  /** {@return the error for a class that nobody registered, not yet thrown} */
  public WeightsException unknownClass() {
    List<String> keys = new ArrayList<>();
    collectKeys(tree, "", keys);
    String has =
        keys.isEmpty()
            ? ""
            : " It has the parameters "
                + String.join(", ", keys.subList(0, Math.min(8, keys.size())));
    return new WeightsException(
        state.source()
            + ": "
            + layer
            + ", module "
            + path
            + ": the class "
            + tree.className()
            + " is not known."
            + has
            + (keys.size() > 8 ? " and " + (keys.size() - 8) + " more." : keys.isEmpty() ? "" : ".")
            + " Register a BlockType named "
            + tree.simpleName()
            + " to read it.");
  }

  private static void collectKeys(ModuleTree tree, String prefix, List<String> into) {
    for (String name : tree.tensors().keySet()) {
      if (!UNUSED_TENSORS.contains(name)) {
        into.add(prefix + name);
      }
    }
    tree.children().forEach((name, child) -> collectKeys(child, prefix + name + ".", into));
  }

  /** {@return whether there is a sub-module of this name} */
  public boolean hasChild(String name) {
    return tree.children().containsKey(name);
  }

  /** {@return whether there is a parameter or buffer of this name} */
  public boolean hasWeight(String name) {
    return tree.tensors().containsKey(name);
  }

  /** {@return the names of the sub-modules, in order} */
  public List<String> childNames() {
    return List.copyOf(tree.children().keySet());
  }

  /** {@return the scope of a sub-module} */
  public ModuleScope child(String name) {
    ModuleTree child = tree.children().get(name);
    if (child == null) {
      throw error("it has no sub-module " + name + "; it has " + tree.children().keySet());
    }
    read.add(name);
    return new ModuleScope(registry, state, child, path + "." + name, layer);
  }

  /** {@return the sub-module as the block that its class stands for} */
  public Block block(String name) {
    return registry.read(child(name));
  }

  /** {@return the sub-modules of a list or sequence, in order} */
  public List<Block> blocks(String name) {
    ModuleScope list = child(name);
    return list.childNames().stream().map(list::block).toList();
  }

  /** Notes sub-modules that do nothing when a network only infers, such as dropout. */
  public void ignore(String... names) {
    read.addAll(List.of(names));
  }

  /** {@return a parameter or buffer} */
  public Weight weight(String name) {
    Shape shape = tree.tensors().get(name);
    if (shape == null) {
      throw error("it has no parameter " + name + "; it has " + tree.tensors().keySet());
    }
    read.add(name);
    String key = path + "." + name;
    return new Weight(key, shape, () -> find(key));
  }

  private HostTensor find(String key) {
    HostTensor tensor = state.tensors().get(key);
    if (tensor == null) {
      throw new WeightsException(state.source() + ": " + key + " is missing");
    }
    return tensor;
  }

  /**
   * Refuses what no one asked for.
   *
   * @throws WeightsException if the module has a sub-module or weight that its reader left alone
   */
  public void requireAllRead() {
    List<String> left = new ArrayList<>();
    for (String name : tree.tensors().keySet()) {
      if (!read.contains(name) && !UNUSED_TENSORS.contains(name)) {
        left.add(name);
      }
    }
    for (Map.Entry<String, ModuleTree> child : tree.children().entrySet()) {
      if (!read.contains(child.getKey())) {
        left.add(child.getKey());
      }
    }
    if (!left.isEmpty()) {
      throw error(
          "it has "
              + String.join(", ", left)
              + ", which a "
              + tree.simpleName()
              + " as this library knows it does not have: it is another block of that name");
    }
  }

  private <V> V attribute(String name, Class<V> type, String expected, V otherwise) {
    Object value = tree.attributes().get(name);
    if (value == null) {
      return otherwise;
    }
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw error("attribute " + name + ": expected " + expected + ", found " + value);
  }

  /** {@return an attribute that is text, or the default} */
  public String text(String name, String otherwise) {
    return attribute(name, String.class, "text", otherwise);
  }

  /** {@return an attribute that is true or false by Python's rules, or the default} */
  public boolean bool(String name, boolean otherwise) {
    Object value = tree.attributes().get(name);
    if (value instanceof Long number) {
      return number != 0;
    }
    if (value instanceof Double number) {
      return number != 0;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    return value == null ? otherwise : (Boolean) value;
  }

  /** {@return an attribute that is a number, or the default} */
  public double number(String name, double otherwise) {
    Object value = tree.attributes().get(name);
    if (value instanceof Long number) {
      return number;
    }
    return attribute(name, Double.class, "a number", otherwise);
  }

  /** {@return an attribute that is a whole number, or the default} */
  public int integer(String name, int otherwise) {
    long value = attribute(name, Long.class, "a whole number", (long) otherwise);
    if (value != (int) value) {
      throw error("attribute " + name + " is out of range: " + value);
    }
    return (int) value;
  }

  /** {@return an attribute that is one whole number for both directions or two, or the default} */
  public Pair pair(String name, Pair otherwise) {
    Object value = tree.attributes().get(name);
    if (value instanceof List<?> list) {
      if (list.size() == 2 && list.get(0) instanceof Long h && list.get(1) instanceof Long w) {
        return new Pair(small(name, h), small(name, w));
      }
      throw error("attribute " + name + ": expected two whole numbers, found " + value);
    }
    if (value == null) {
      return otherwise;
    }
    return Pair.of(integer(name, 0));
  }

  private int small(String name, long value) {
    if (value < 0 || value > 65_536) {
      throw error("attribute " + name + " is out of range: " + value);
    }
    return (int) value;
  }

  /** {@return the {@code nn.Conv2d} that this module is, with an activation} */
  public Conv2dParams conv2d(Activation activation) {
    if (!text("padding_mode", "zeros").equals("zeros")) {
      throw error("padding_mode: expected zeros, found " + text("padding_mode", ""));
    }
    Weight weight = weight("weight");
    int groups = integer("groups", 1);
    if (weight.shape().rank() != 4 || groups < 1 || weight.shape().get(0) % groups != 0) {
      throw error("a weight " + weight.shape() + " in " + groups + " groups is no convolution");
    }
    Pair stride = pair("stride", Pair.of(1));
    Pair dilation = pair("dilation", Pair.of(1));
    if (stride.h() < 1 || stride.w() < 1 || dilation.h() < 1 || dilation.w() < 1) {
      throw error("stride and dilation have to be positive");
    }
    return new Conv2dParams(
        weight,
        hasWeight("bias") ? weight("bias") : null,
        stride,
        pair("padding", Pair.of(0)),
        dilation,
        groups,
        activation);
  }
}
