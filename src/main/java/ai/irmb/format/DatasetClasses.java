package ai.irmb.format;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The classes of a data set: those of the options, and those that detections have. */
final class DatasetClasses {
  private final SortedMap<Integer, String> names;

  DatasetClasses(WriteOptions options) {
    names = new TreeMap<>(options.names());
  }

  void add(Detections detections) {
    detections.forEach(d -> names.putIfAbsent(d.classId(), d.label()));
  }

  /** {@return the names by class id, in order} */
  SortedMap<Integer, String> names() {
    return Collections.unmodifiableSortedMap(names);
  }
}
