package ai.irmb.internal.checkpoint;

import ai.irmb.block.Attribute;
import ai.irmb.block.Attribute.ListAttribute;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Instance;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.torch.TorchFile;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the modules of a pickled network: their tree, and their tensors by PyTorch key. A module
 * that several others share, such as an activation, becomes a child of each.
 *
 * <p>The depth is limited to {@link Limits#pickleDepth}, the number of modules to 100,000.
 */
final class ModuleTreeReader {
  private static final int MAX_MODULES = 100_000;
  private static final int MAX_NAME_LENGTH = 1_000;

  /** Estimated memory for one module, including temporaries. */
  private static final int MODULE_BYTES = 1_000;

  private static final long ENTRY_BYTES = 64;

  /** Attributes that only training or validation uses, or that the checkpoint stores elsewhere. */
  private static final Set<String> IGNORED_ATTRIBUTES =
      Set.of(
          "training",
          "grid",
          "anchor_grid",
          "attn_map",
          "attn_hw",
          "forward",
          "names",
          "yaml",
          "hyp",
          "class_weights");

  private final String fileName;
  private final TorchFile file;
  private final Limits limits;
  private final PlainDataConverter plain;
  private final IdentityHashMap<Instance, Attributes> attributes = new IdentityHashMap<>();
  private final IdentityHashMap<Instance, ModuleTree> leaves = new IdentityHashMap<>();
  private final Map<String, HostTensor> weights = new LinkedHashMap<>();
  private int moduleCount;

  /**
   * The attributes of a module that its tree keeps.
   *
   * @param count number of values, including those in lists
   */
  private record Attributes(Map<String, Attribute> values, long count) {}

  ModuleTreeReader(String fileName, TorchFile file, Limits limits, PlainDataConverter plain) {
    this.fileName = fileName;
    this.file = file;
    this.limits = limits;
    this.plain = plain;
  }

  /**
   * {@return the tree of the network's modules; afterwards {@link #weights} returns their tensors}
   */
  ModuleTree read(PickledModule network) {
    return read(network, "", 0);
  }

  /** {@return the tensors by key} */
  Map<String, HostTensor> weights() {
    return weights;
  }

  private ModuleTree read(PickledModule module, String prefix, int depth) {
    count(prefix, depth);
    reserve(ENTRY_BYTES * module.entryCount());
    Map<String, Shape> tensors = new LinkedHashMap<>();
    module
        .tensors()
        .forEach(
            (name, value) -> {
              HostTensor tensor = tensor(value, prefix + requireValidName(name, prefix));
              tensors.put(name, tensor.shape());
              weights.put(prefix + name, tensor);
            });
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    module
        .children()
        .forEach(
            (name, value) -> {
              PickledModule child = PickledModule.of(value);
              if (child == null) {
                throw error(prefix + Quoting.escapeName(name) + " is not a module");
              }
              String path = prefix + requireValidName(name, prefix) + ".";
              children.put(name, read(child, path, depth + 1));
            });
    ModuleTree tree =
        new ModuleTree(module.className(), attributesOf(module, prefix), tensors, children);
    if (!children.isEmpty()) {
      return tree;
    }
    // One instance for a shared activation, whose parameters count once.
    ModuleTree known = leaves.putIfAbsent(module.instance(), tree);
    return known == null ? tree : known;
  }

  private void count(String prefix, int depth) {
    if (depth > limits.getInt(Limit.PICKLE_DEPTH)) {
      throw error(
          Quoting.escapeName(prefix)
              + ": a module contains itself, or modules are nested deeper than "
              + LimitMessages.limit(limits, Limit.PICKLE_DEPTH));
    }
    if (++moduleCount > MAX_MODULES) {
      throw error("the network has more than " + MAX_MODULES + " modules");
    }
    reserve(MODULE_BYTES + 2L * prefix.length());
  }

  /**
   * Reserves memory. A shared module counts once per parent, since each copy takes time and memory.
   */
  private void reserve(long bytes) {
    if (!file.budget().tryReserve(bytes)) {
      throw error("the network's modules: their number " + file.budget().exceededMessage());
    }
  }

  private HostTensor tensor(PickleValue value, String key) {
    if (!TorchFile.isTensor(value)) {
      throw error(Quoting.escapeName(key) + " is not a tensor");
    }
    reserve(2L * key.length());
    return file.tensor(value, key);
  }

  /** {@return the name, if it can be part of a key} */
  private String requireValidName(String name, String prefix) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || name.indexOf('.') >= 0) {
      throw error(
          Quoting.escapeName(prefix)
              + ": "
              + Quoting.quote(name)
              + " cannot be the name of a module or parameter");
    }
    return name;
  }

  private Map<String, Attribute> attributesOf(PickledModule module, String prefix) {
    Attributes known = attributes.get(module.instance());
    if (known == null) {
      Map<String, Attribute> values = readAttributes(module, prefix);
      known = new Attributes(values, count(values.values()));
      attributes.put(module.instance(), known);
    }
    reserve(ENTRY_BYTES * known.count());
    return known.values();
  }

  /** {@return the number of values, including those in lists, whose depth was limited when read} */
  private static long count(Collection<Attribute> values) {
    long count = values.size();
    for (Attribute value : values) {
      count += value instanceof ListAttribute list ? count(list.values()) : 0;
    }
    return count;
  }

  private Map<String, Attribute> readAttributes(PickledModule module, String prefix) {
    Map<String, Attribute> out = new LinkedHashMap<>();
    module
        .attributes()
        .entries()
        .forEach(
            (key, value) -> {
              if (key instanceof Text text && isKept(text.value())) {
                Attribute converted =
                    attribute(
                        plain.convertAttribute(
                            value, "attribute " + prefix + Quoting.escapeName(text.value())));
                if (converted != null) {
                  out.put(text.value(), converted);
                }
              }
            });
    return out;
  }

  private static boolean isKept(String name) {
    return !name.startsWith("_") && !IGNORED_ATTRIBUTES.contains(name);
  }

  /** {@return the value if a tree can have it, else null} */
  private static @Nullable Attribute attribute(@Nullable Object value) {
    if (value instanceof List<?> list) {
      List<Attribute> elements = new ArrayList<>();
      for (Object item : list) {
        Attribute element = attribute(item);
        if (element == null) {
          return null;
        }
        elements.add(element);
      }
      return new ListAttribute(elements);
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
    return value instanceof String text ? Attribute.of(text) : null;
  }

  private WeightsException error(String problem) {
    return new WeightsException(fileName + ": " + problem);
  }
}
