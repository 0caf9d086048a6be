package example;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a driver sends to its executors: a detector holds native memory and cannot travel, its
 * configuration can.
 *
 * @param weights a file that every executor has under this name
 * @param options what to look for
 */
record ModelConfig(String weights, DetectOptions options) implements Serializable {
  private static final Map<ModelConfig, Detector> DETECTORS = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> DETECTORS.values().forEach(Detector::close)));
  }

  /** The detector of this JVM, made by the first task that asks and shared by all of them. */
  Detector detector() {
    return DETECTORS.computeIfAbsent(
        this,
        config ->
            Detector.builder()
                .weights(Path.of(config.weights))
                .options(config.options)
                .build());
  }
}
