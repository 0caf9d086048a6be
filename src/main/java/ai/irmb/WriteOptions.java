package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options of the formats that detections are written in. Immutable; each {@code with…} returns a
 * changed copy.
 *
 * @param polygons the course of the polygons of masks
 * @param labelConfidence whether YOLO labels end with the confidence
 * @param cocoCategories whether COCO's results have the category ids of the COCO data set, 1 to 90
 *     with gaps, instead of the class ids 0 to 79; for models that were trained on it
 * @param names class names by class id, such as {@link Detector#names()}: the classes of a data
 *     set; classes of detections that are not among them are added
 */
public record WriteOptions(
    PolygonMode polygons,
    boolean labelConfidence,
    boolean cocoCategories,
    Map<Integer, String> names)
    implements Serializable {
  /** Polygons along the edges, labels without confidence, class ids as category ids, no names. */
  public static final WriteOptions DEFAULTS =
      new WriteOptions(PolygonMode.EDGES, false, false, Map.of());

  /** Copies the names. */
  public WriteOptions {
    requireNonNull(polygons, "polygons");
    names = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(names)));
  }

  /** {@return these options with another course of polygons} */
  public WriteOptions withPolygons(PolygonMode value) {
    return new WriteOptions(value, labelConfidence, cocoCategories, names);
  }

  /** {@return these options, with the confidence in YOLO labels or without} */
  public WriteOptions withLabelConfidence(boolean value) {
    return new WriteOptions(polygons, value, cocoCategories, names);
  }

  /** {@return these options, with the category ids of the COCO data set or without} */
  public WriteOptions withCocoCategories(boolean value) {
    return new WriteOptions(polygons, labelConfidence, value, names);
  }

  /** {@return these options with other class names} */
  public WriteOptions withNames(Map<Integer, String> value) {
    return new WriteOptions(polygons, labelConfidence, cocoCategories, value);
  }
}
