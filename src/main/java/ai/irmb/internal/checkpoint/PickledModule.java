package ai.irmb.internal.checkpoint;

import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Instance;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pickled instance of a PyTorch module class. This class alone uses PyTorch's names of the
 * attributes.
 *
 * @param instance the pickled instance
 * @param attributes its attributes
 */
record PickledModule(Instance instance, Dict attributes) {

  /** {@return the value as a module, or null if it is not one} */
  static @Nullable PickledModule of(@Nullable PickleValue value) {
    if (!(value instanceof Instance instance)) {
      return null;
    }
    Dict attributes = instance.attributes();
    return attributes != null && attributes.get("_modules") instanceof Dict
        ? new PickledModule(instance, attributes)
        : null;
  }

  /** {@return the class with its module path} */
  String className() {
    return instance.type().fullName();
  }

  /** {@return the class without its module path} */
  String simpleName() {
    String name = instance.type().name();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** {@return an attribute, or null} */
  @Nullable PickleValue attribute(String name) {
    return attributes.get(name);
  }

  /** {@return the submodules by name, without those that are None} */
  Map<String, PickleValue> children() {
    return entriesOf("_modules");
  }

  /** {@return a submodule, or null} */
  @Nullable PickledModule child(String name) {
    return of(children().get(name));
  }

  /** {@return the parameters, then the persistent buffers, without those that are None} */
  Map<String, PickleValue> tensors() {
    Map<String, PickleValue> out = entriesOf("_parameters");
    Map<String, PickleValue> buffers = entriesOf("_buffers");
    if (attribute("_non_persistent_buffers_set") instanceof Sequence names) {
      for (PickleValue name : names.items()) {
        if (name instanceof Text text) {
          buffers.remove(text.value());
        }
      }
    }
    out.putAll(buffers);
    return out;
  }

  /** {@return the number of entries that {@link #tensors} and {@link #children} process} */
  int entryCount() {
    int size =
        attribute("_non_persistent_buffers_set") instanceof Sequence names
            ? names.items().size()
            : 0;
    for (String part : List.of("_modules", "_parameters", "_buffers")) {
      size += attribute(part) instanceof Dict dict ? dict.entries().size() : 0;
    }
    return size;
  }

  private Map<String, PickleValue> entriesOf(String attribute) {
    Map<String, PickleValue> out = new LinkedHashMap<>();
    if (attribute(attribute) instanceof Dict dict) {
      dict.entries()
          .forEach(
              (key, value) -> {
                if (key instanceof Text text && value != PickleValue.None.NONE) {
                  out.put(text.value(), value);
                }
              });
    }
    return out;
  }
}
