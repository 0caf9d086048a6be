package ai.irmb.internal.ops.torchscript;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The distinct prepared weights of a program, in the order of its argument. */
final class WeightList {
  private final Map<WeightExpression, Integer> indices = new LinkedHashMap<>();

  /** {@return the index of an expression, which is appended if it is new} */
  int indexOf(WeightExpression expression) {
    return indices.computeIfAbsent(expression, p -> indices.size());
  }

  /** {@return the expressions in order} */
  List<WeightExpression> expressions() {
    return List.copyOf(indices.keySet());
  }
}
