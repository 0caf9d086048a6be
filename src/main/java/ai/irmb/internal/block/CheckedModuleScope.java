package ai.irmb.internal.block;

import ai.irmb.block.Attribute;
import ai.irmb.block.Attribute.BoolAttribute;
import ai.irmb.block.Attribute.DoubleAttribute;
import ai.irmb.block.Attribute.IntAttribute;
import ai.irmb.block.Attribute.ListAttribute;
import ai.irmb.block.Attribute.StringAttribute;
import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A module scope that checks that its children and tensors were all read. */
public final class CheckedModuleScope implements ModuleScope {
  /** Buffers that have no effect on inference. */
  private static final Set<String> UNUSED_TENSORS = Set.of("num_batches_tracked", "anchor_grid");

  private static final int MAX_PRINTED_KEYS = 8;

  private final BlockRegistry registry;
  private final StateDict weights;
  private final ModuleTree module;
  private final String path;
  private final String layer;
  private final Set<String> read = new HashSet<>();
  private final Map<String, CheckedModuleScope> children = new HashMap<>();

  /**
   * @param registry the registered blocks
   * @param weights the weights of the network
   * @param module the module
   * @param path its path in the network, {@code model.18}
   * @param layer its layer in error messages, {@code layer 18 (iRMB)}
   */
  public CheckedModuleScope(
      BlockRegistry registry, StateDict weights, ModuleTree module, String path, String layer) {
    this.registry = registry;
    this.weights = weights;
    this.module = module;
    this.path = path;
    this.layer = layer;
  }

  @Override
  public ModuleTree module() {
    return module;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public WeightsException error(String problem) {
    return new WeightsException(
        weights.source()
            + ": "
            + layer
            + ", module "
            + path
            + " ("
            + module.className()
            + "): "
            + problem);
  }

  /** {@return the error for a class that is not registered} */
  WeightsException unknownClass() {
    List<String> keys = tellingKeys();
    String has =
        keys.isEmpty()
            ? ""
            : " It has the parameters "
                + String.join(", ", keys.subList(0, Math.min(MAX_PRINTED_KEYS, keys.size())));
    return new WeightsException(
        weights.source()
            + ": "
            + layer
            + ", module "
            + path
            + ": the class "
            + module.className()
            + " is not registered."
            + has
            + (keys.size() > MAX_PRINTED_KEYS
                ? " and " + (keys.size() - MAX_PRINTED_KEYS) + " more."
                : keys.isEmpty() ? "" : ".")
            + " Register a BlockType named "
            + module.simpleName()
            + " to read it.");
  }

  /**
   * {@return the keys of all parameters: those inside unknown classes first, then one of each
   * submodule, then the second of each, so that the first few keys show what the module is}
   */
  private List<String> tellingKeys() {
    List<List<String>> groups = new ArrayList<>();
    module
        .children()
        .forEach(
            (name, child) -> {
              List<String> keys = new ArrayList<>();
              collectKeys(child, name + ".", keys);
              groups.add(containsUnknown(child) ? 0 : groups.size(), keys);
            });
    List<String> own = new ArrayList<>();
    collectKeys(module.withChildren(Map.of()), "", own);
    groups.add(own);
    List<String> telling = new ArrayList<>();
    int longest = groups.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (List<String> keys : groups) {
        if (i < keys.size()) {
          telling.add(keys.get(i));
        }
      }
    }
    return telling;
  }

  private static void collectKeys(ModuleTree module, String prefix, List<String> keys) {
    for (String name : module.tensors().keySet()) {
      if (!UNUSED_TENSORS.contains(name)) {
        keys.add(prefix + name);
      }
    }
    module.children().forEach((name, child) -> collectKeys(child, prefix + name + ".", keys));
  }

  private boolean containsUnknown(ModuleTree tree) {
    return isUnknown(tree) || tree.children().values().stream().anyMatch(this::containsUnknown);
  }

  /** Classes of torch are left out: blocks ignore some, such as the pooling of an SE. */
  private boolean isUnknown(ModuleTree tree) {
    return !tree.className().startsWith("torch.")
        && !registry.hasClass(tree.simpleName())
        && !Head.isHead(tree.simpleName());
  }

  /**
   * {@return the error for the first unregistered class inside this module, or this error if there
   * is none; other errors in the module follow from it}
   */
  public WeightsException unknownClassOr(WeightsException error) {
    WeightsException unknown = isUnknown(module) ? null : unknownClassInside();
    return unknown == null ? error : unknown;
  }

  private @Nullable WeightsException unknownClassInside() {
    for (Map.Entry<String, ModuleTree> entry : module.children().entrySet()) {
      ModuleTree child = entry.getValue();
      if (containsUnknown(child)) {
        CheckedModuleScope scope =
            new CheckedModuleScope(registry, weights, child, path + "." + entry.getKey(), layer);
        return isUnknown(child) ? scope.unknownClass() : scope.unknownClassInside();
      }
    }
    return null;
  }

  @Override
  public boolean hasChild(String name) {
    return module.children().containsKey(name);
  }

  @Override
  public boolean hasWeight(String name) {
    return module.tensors().containsKey(name);
  }

  @Override
  public List<String> childNames() {
    return List.copyOf(module.children().keySet());
  }

  @Override
  public CheckedModuleScope child(String name) {
    ModuleTree child = module.children().get(name);
    if (child == null) {
      throw error("it has no submodule " + name + "; it has " + module.children().keySet());
    }
    read.add(name);
    return children.computeIfAbsent(
        name, n -> new CheckedModuleScope(registry, weights, child, path + "." + n, layer));
  }

  @Override
  public Block block(String name) {
    return registry.read(child(name));
  }

  @Override
  public List<Block> blocks(String name) {
    CheckedModuleScope list = child(name);
    return list.childNames().stream().map(list::block).toList();
  }

  @Override
  public Activation activation(String name) {
    return ActivationModules.read(child(name));
  }

  @Override
  public void ignore(String... names) {
    read.addAll(List.of(names));
  }

  @Override
  public Weight weight(String name) {
    Shape shape = module.tensors().get(name);
    if (shape == null) {
      throw error("it has no parameter " + name + "; it has " + module.tensors().keySet());
    }
    read.add(name);
    String key = path + "." + name;
    return new Weight(key, shape, () -> load(key));
  }

  private HostTensor load(String key) {
    HostTensor tensor = weights.tensors().get(key);
    if (tensor == null) {
      throw new WeightsException(weights.source() + ": " + key + " is missing");
    }
    return tensor;
  }

  /**
   * Checks that every child and tensor was read, also in the children that the block read itself.
   *
   * @throws WeightsException if there is a child or tensor that was neither read nor ignored
   */
  void requireAllRead() {
    List<String> unread = new ArrayList<>();
    for (String name : module.tensors().keySet()) {
      if (!read.contains(name) && !UNUSED_TENSORS.contains(name)) {
        unread.add(name);
      }
    }
    for (String name : module.children().keySet()) {
      if (!read.contains(name)) {
        unread.add(name);
      }
    }
    if (!unread.isEmpty()) {
      throw error(
          "it has "
              + String.join(", ", unread)
              + ", which the "
              + module.simpleName()
              + " of this library does not have: it is another block of that name");
    }
    children.values().forEach(CheckedModuleScope::requireAllRead);
  }

  private WeightsException attributeError(String name, String expected, Attribute found) {
    return error("attribute " + name + ": expected " + expected + ", found " + found);
  }

  @Override
  public String text(String name, String defaultValue) {
    Attribute value = module.attributes().get(name);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof StringAttribute text) {
      return text.value();
    }
    throw attributeError(name, "text", value);
  }

  @Override
  public boolean bool(String name, boolean defaultValue) {
    Attribute value = module.attributes().get(name);
    return value == null ? defaultValue : isTrue(value);
  }

  /** Python's truth value. */
  private static boolean isTrue(Attribute value) {
    if (value instanceof BoolAttribute bool) {
      return bool.value();
    }
    if (value instanceof IntAttribute integer) {
      return integer.value() != 0;
    }
    if (value instanceof DoubleAttribute number) {
      return number.value() != 0;
    }
    if (value instanceof StringAttribute text) {
      return !text.value().isEmpty();
    }
    return !value.elements().isEmpty();
  }

  @Override
  public double number(String name, double defaultValue) {
    Attribute value = module.attributes().get(name);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof ListAttribute) {
      throw attributeError(name, "a number", value);
    }
    return numbers(name).get(0);
  }

  @Override
  public int integer(String name, int defaultValue) {
    Attribute value = module.attributes().get(name);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof ListAttribute) {
      throw attributeError(name, "an integer", value);
    }
    return integers(name).get(0);
  }

  @Override
  public Pair pair(String name, Pair defaultValue) {
    List<Integer> values = integers(name);
    if (values.isEmpty()) {
      return defaultValue;
    }
    boolean isSingle = !(module.attributes().get(name) instanceof ListAttribute);
    if (!isSingle && values.size() != 2) {
      throw error("attribute " + name + ": expected two integers, found " + values);
    }
    for (int value : values) {
      if (value < 0 || value > LayerArguments.MAX_CHANNELS) {
        throw error("attribute " + name + " is out of range: " + value);
      }
    }
    return new Pair(values.get(0), values.get(values.size() - 1));
  }

  @Override
  public List<Double> numbers(String name) {
    Attribute value = module.attributes().get(name);
    List<Double> numbers = new ArrayList<>();
    for (Attribute element : value == null ? List.<Attribute>of() : value.elements()) {
      if (element instanceof IntAttribute integer) {
        numbers.add((double) integer.value());
      } else if (element instanceof DoubleAttribute number) {
        numbers.add(number.value());
      } else {
        throw attributeError(name, "a number", element);
      }
    }
    return numbers;
  }

  @Override
  public List<Integer> integers(String name) {
    Attribute value = module.attributes().get(name);
    List<Integer> integers = new ArrayList<>();
    for (Attribute element : value == null ? List.<Attribute>of() : value.elements()) {
      if (!(element instanceof IntAttribute integer)) {
        throw attributeError(name, "an integer", element);
      }
      if (integer.value() != (int) integer.value()) {
        throw error("attribute " + name + " is out of range: " + integer);
      }
      integers.add((int) integer.value());
    }
    return integers;
  }

  @Override
  public Conv2dParams conv2d(Activation activation) {
    if (!text("padding_mode", "zeros").equals("zeros")) {
      throw error("padding_mode: expected zeros, found " + text("padding_mode", ""));
    }
    Weight weight = weight("weight");
    int groups = integer("groups", 1);
    if (weight.shape().rank() != 4
        || weight.shape().sizes().contains(0L)
        || groups < 1
        || weight.shape().get(0) % groups != 0) {
      throw error("a weight " + weight.shape() + " in " + groups + " groups is not a convolution");
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
