package ai.irmb.spark;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open detectors of an executor's JVM, which all its tasks share. A detector holds native
 * memory and cannot be sent; its settings can. Thread-safe.
 */
final class Detectors {
  private static final Map<DetectorSettings, Detector> OPEN = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.values().forEach(Detector::close)));
  }

  private Detectors() {}

  /**
   * {@return the detector with these settings; the first task opens it}
   *
   * <p>The options of a detection do not count: they are given with each call, so that pipelines
   * that differ in them share the weights.
   */
  static Detector get(DetectorSettings settings) {
    return OPEN.computeIfAbsent(
        settings.withOptions(DetectOptions.DEFAULTS), DetectorSettings::open);
  }

  /** {@return the number of open detectors} */
  static int count() {
    return OPEN.size();
  }
}
