package ai.irmb.validate;

import java.util.List;
import java.util.Map;

/**
 * What a validation found: the figures, and what they come from. Immutable.
 *
 * @param names of all classes, by class id
 * @param report the figures
 * @param curves of the classes that have labels, in the order of the report
 * @param confusion which class was taken for which; belongs to the caller
 */
public record Validation(
    Map<Integer, String> names, Report report, List<Curves> curves, ConfusionMatrix confusion) {
  /** Copies the map and the list. */
  public Validation {
    names = Map.copyOf(names);
    curves = List.copyOf(curves);
  }
}
