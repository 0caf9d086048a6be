package ai.irmb.internal.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Removes the prefixes that wrappers such as DataParallel add to the keys of a state dict. */
final class StateDictKeys {
  private static final int MAX_PREFIXES = 8;
  private static final String COMPILED = "_orig_mod.";

  private StateDictKeys() {}

  /** {@return the same values under YOLOv5's own keys, such as {@code model.0.conv.weight}} */
  static <T> Map<String, T> stripWrapperPrefixes(Map<String, T> tensors) {
    Map<String, T> plain = withoutCompiled(tensors);
    for (int i = 0; i < MAX_PREFIXES && !plain.isEmpty(); i++) {
      if (allStartWith(plain, "module.")) {
        plain = stripPrefix(plain, "module.");
      } else if (allStartWith(plain, "model.model.") || allStartWith(plain, "model.module.")) {
        plain = stripPrefix(plain, "model.");
      } else {
        break;
      }
    }
    return plain;
  }

  /** {@code torch.compile} adds its name wherever a module was compiled, not only in front. */
  private static <T> Map<String, T> withoutCompiled(Map<String, T> tensors) {
    Map<String, T> out = new LinkedHashMap<>();
    tensors.forEach(
        (key, value) ->
            out.put(
                key.startsWith(COMPILED) || key.contains("." + COMPILED)
                    ? withoutCompiled(key)
                    : key,
                value));
    return out.size() == tensors.size() ? out : tensors;
  }

  private static String withoutCompiled(String key) {
    StringJoiner out = new StringJoiner(".");
    for (String name : key.split("\\.", -1)) {
      if (!name.equals("_orig_mod")) {
        out.add(name);
      }
    }
    return out.toString();
  }

  private static boolean allStartWith(Map<String, ?> tensors, String prefix) {
    return tensors.keySet().stream().allMatch(key -> key.startsWith(prefix));
  }

  private static <T> Map<String, T> stripPrefix(Map<String, T> tensors, String prefix) {
    Map<String, T> out = new LinkedHashMap<>();
    tensors.forEach((key, value) -> out.put(key.substring(prefix.length()), value));
    return out;
  }
}
