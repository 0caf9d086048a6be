package ai.irmb.internal.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** Removes the prefixes that wrappers such as DataParallel add to the keys of a state dict. */
final class StateDictKeys {
  private static final int MAX_PREFIXES = 8;

  private StateDictKeys() {}

  /** {@return the same values under YOLOv5's own keys, such as {@code model.0.conv.weight}} */
  static <T> Map<String, T> stripWrapperPrefixes(Map<String, T> tensors) {
    Map<String, T> plain = tensors;
    for (int i = 0; i < MAX_PREFIXES && !plain.isEmpty(); i++) {
      if (allStartWith(plain, "module.")) {
        plain = stripPrefix(plain, "module.");
      } else if (allStartWith(plain, "model.model.")) {
        plain = stripPrefix(plain, "model.");
      } else {
        break;
      }
    }
    return plain;
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
