package ai.irmb.validate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a validation. Immutable.
 *
 * @param names the class names by class id
 * @param report precision, recall and mean average precision
 * @param curves by the names and in the order of {@link Report#classes}
 * @param confusion the confusion matrix
 */
public record Validation(
    Map<Integer, String> names,
    Report report,
    Map<String, Curves> curves,
    ConfusionMatrix confusion) {
  /** Copies the maps. */
  public Validation {
    names = Map.copyOf(names);
    curves = Collections.unmodifiableMap(new LinkedHashMap<>(curves));
  }
}
