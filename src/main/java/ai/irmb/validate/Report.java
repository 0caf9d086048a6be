package ai.irmb.validate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The accuracy of a model on a split, by YOLOv5's rules. Immutable.
 *
 * @param images number of images
 * @param labels number of labeled objects
 * @param precision mean over the classes, at the confidence threshold with the best F1
 * @param recall mean over the classes, at the same threshold
 * @param map50 mean over the classes of the average precision at IoU 0.5
 * @param map50To95 mean over the classes of the average precision, averaged over IoU 0.5 to 0.95
 * @param confidence the threshold where the mean F1 over the classes is best
 * @param classes by name, those that have labels; the id is appended to a name that occurs twice
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
   * The accuracy for one class.
   *
   * @param images number of images that have an object of the class
   * @param labels number of labeled objects
   * @param precision at the confidence threshold with the best F1 of all classes
   * @param recall at the same threshold
   * @param map50 average precision at IoU 0.5
   * @param map50To95 average precision, averaged over IoU 0.5 to 0.95
   */
  public record ClassReport(
      int images, int labels, double precision, double recall, double map50, double map50To95) {}

  /** Copies the map. */
  public Report {
    classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
  }
}
