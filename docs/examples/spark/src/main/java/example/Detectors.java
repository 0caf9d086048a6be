package example;

import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The detectors of an executor's JVM. A detector holds native memory and is not serializable; its
 * settings are.
 */
final class Detectors {
  private static final Map<DetectorSettings, Detector> ALL = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALL.values().forEach(Detector::close)));
  }

  private Detectors() {}

  /** {@return the detector with these settings; the first task creates it, all tasks share it} */
  static Detector of(DetectorSettings settings) {
    return ALL.computeIfAbsent(settings, DetectorSettings::open);
  }
}
