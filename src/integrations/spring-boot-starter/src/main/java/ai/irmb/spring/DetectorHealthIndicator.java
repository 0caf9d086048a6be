package ai.irmb.spring;

import ai.irmb.Detector;
import ai.irmb.DetectorInfo;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the detector is open. Details name the model and what it runs on. Thread-safe. */
final class DetectorHealthIndicator extends AbstractHealthIndicator {
  private final Detector detector;

  DetectorHealthIndicator(Detector detector) {
    super("The detector cannot be used");
    this.detector = detector;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    DetectorInfo info = detector.info();
    builder
        .up()
        .withDetail("weights", info.weights())
        .withDetail("classes", info.names().size())
        .withDetail("engine", info.engine())
        .withDetail("device", info.device())
        .withDetail("precision", info.precision().name());
  }
}
