package ai.irmb.validate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a validation. Immutable.
 *
 * @param names the class names by class id
 * @param report precision, recall and mean average precision of the boxes
 * @param curves of the boxes, by the names and in the order of {@link Report#classes}
 * @param confusion the confusion matrix of the boxes
 * @param maskReport precision, recall and mean average precision of the masks; null unless masks
 *     were measured
 * @param maskCurves of the masks; empty unless masks were measured
 */
public record Validation(
    Map<Integer, String> names,
    Report report,
    Map<String, Curves> curves,
    ConfusionMatrix confusion,
    @Nullable Report maskReport,
    Map<String, Curves> maskCurves) {
  /** Copies the maps. */
  public Validation {
    names = Map.copyOf(names);
    curves = Collections.unmodifiableMap(new LinkedHashMap<>(curves));
    maskCurves = Collections.unmodifiableMap(new LinkedHashMap<>(maskCurves));
  }
}
