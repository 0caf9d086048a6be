package example;

import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The detectors of an executor's JVM. A detector holds native memory and cannot travel; its
 * settings can.
 */
final class Detectors {
  private static final Map<DetectorSettings, Detector> ALL = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALL.values().forEach(Detector::close)));
  }

  private Detectors() {}

  /** The one for these settings, made by the first task that asks and shared by all of them. */
  static Detector of(DetectorSettings settings) {
    return ALL.computeIfAbsent(settings, DetectorSettings::open);
  }
}
