package ai.irmb.spring;

import ai.irmb.Detections;
import ai.irmb.Timings;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The meters of a {@link DetectorTemplate}; docs/spring-boot.md lists them. Thread-safe. */
final class DetectionMetrics {
  private static final double NANOS_PER_MILLI = 1e6;

  private final MeterRegistry registry;
  private final Timer decode;
  private final Timer letterbox;
  private final Timer inference;
  private final Timer postprocess;
  private final DistributionSummary batchSize;

  DetectionMetrics(MeterRegistry registry, CallGate gate) {
    this.registry = registry;
    decode = stage("decode");
    letterbox = stage("letterbox");
    inference = stage("inference");
    postprocess = stage("postprocess");
    batchSize =
        DistributionSummary.builder("irmb.batch.size")
            .baseUnit("images")
            .description("Images per batch of different calls")
            .register(registry);
    Gauge.builder("irmb.calls.waiting", gate, CallGate::waiting)
        .description("Calls that wait to become active")
        .register(registry);
    Gauge.builder("irmb.calls.active", gate, CallGate::active)
        .description("Calls that decode or detect")
        .register(registry);
    // Dashboards show zero instead of nothing before the first image.
    for (Outcome outcome : Outcome.values()) {
      countImages(outcome, 0);
    }
  }

  private Timer stage(String name) {
    return Timer.builder("irmb.stage")
        .tag("stage", name)
        .description("Time of a stage of detection for one image")
        .register(registry);
  }

  /** The values of the tag {@code outcome}. */
  enum Outcome {
    SUCCESS("success"),
    INVALID("invalid"),
    REFUSED("refused"),
    ERROR("error");

    private final String tag;

    Outcome(String tag) {
      this.tag = tag;
    }
  }

  void count(Detections detections) {
    countImages(Outcome.SUCCESS, 1);
    Timings timings = detections.timings();
    record(decode, timings.decode());
    record(letterbox, timings.letterbox());
    record(inference, timings.inference());
    record(postprocess, timings.postprocess());
    detections
        .counts()
        .forEach((label, n) -> registry.counter("irmb.detections", "class", label).increment(n));
  }

  private static void record(Timer timer, double millis) {
    timer.record(Math.round(millis * NANOS_PER_MILLI), TimeUnit.NANOSECONDS);
  }

  void count(Outcome outcome) {
    countImages(outcome, 1);
  }

  private void countImages(Outcome outcome, int n) {
    registry.counter("irmb.images", "outcome", outcome.tag).increment(n);
  }

  void countBatch(int images) {
    batchSize.record(images);
  }
}
