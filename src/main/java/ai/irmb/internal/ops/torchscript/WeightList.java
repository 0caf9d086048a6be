package ai.irmb.internal.ops.torchscript;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The prepared weights that a program is handed, in order; each distinct one once. */
final class WeightList {
  private final Map<WeightExpression, Integer> indices = new LinkedHashMap<>();

  /** {@return the place of a preparation in the list, at the end if it is new} */
  int indexOf(WeightExpression preparation) {
    return indices.computeIfAbsent(preparation, p -> indices.size());
  }

  /** {@return the preparations in order} */
  List<WeightExpression> expressions() {
    return List.copyOf(indices.keySet());
  }
}
