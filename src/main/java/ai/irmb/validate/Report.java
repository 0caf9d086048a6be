package ai.irmb.validate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good a model was, by upstream's rules. Immutable.
 *
 * @param images how many images were looked at
 * @param labels how many objects they have
 * @param precision mean over the classes, at the confidence of the best F1
 * @param recall likewise
 * @param map50 mean over the classes of the average precision at IoU 0.5
 * @param map50To95 likewise, mean over IoU 0.5 to 0.95
 * @param confidence where F1 is best
 * @param classes by name, those that have labels
 */
public record Report(
    int images,
    int labels,
    double precision,
    double recall,
    double map50,
    double map50To95,
    double confidence,
    Map<String, ClassReport> classes) {
  /**
   * How good it was at one class.
   *
   * @param images how many images have one
   * @param labels how many objects there are
   * @param precision at the confidence of the best F1 of all classes
   * @param recall likewise
   * @param map50 average precision at IoU 0.5
   * @param map50To95 mean over IoU 0.5 to 0.95
   */
  public record ClassReport(
      int images, int labels, double precision, double recall, double map50, double map50To95) {}

  /** Copies the map. */
  public Report {
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
  }
}
