package ai.irmb.spring;

import static java.util.Objects.requireNonNull;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.Timings;
import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.spring.DetectionMetrics.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detection for a service: bounds the calls in progress, counts and times them, and can put images
 * of different calls into one batch.
 *
 * <p>A bean of this type exists beside the {@link Detector}. Calls of the detector itself are
 * neither bounded nor counted. Thread-safe.
 */
public final class DetectorTemplate {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Detector detector;
  private final ReadOptions reading;
  private final CallGate gate;
  private final DetectionMetrics metrics;
  private final @Nullable BatchQueue batches;

  DetectorTemplate(
      Detector detector,
      ReadOptions reading,
      CallGate gate,
      IrmbProperties.Batching batching,
      MeterRegistry registry) {
    this.detector = detector;
    this.reading = reading;
    this.gate = gate;
    this.metrics = new DetectionMetrics(registry, gate);
    // A batch cannot have more images than there are active calls: it would only wait.
    int images = Math.min(batching.maxImages(), gate.maxActive());
    Duration wait = batching.maxWait();
    this.batches = images > 1 ? new BatchQueue(this::detectBatch, images, wait) : null;
  }

  /**
   * {@return the detections in an image file, under the options {@code irmb.options.*}}
   *
   * @param image read by the calling thread when the call is active; not closed
   * @param name what messages call it
   * @throws ImageException if it is not an image, or exceeds the limits
   * @throws IOException if it cannot be read
   * @throws OverloadException if too many calls are in progress
   */
  public Detections detect(InputStream image, String name) throws IOException {
    return detect(image, name, detector.options());
  }

  /**
   * {@return the detections in an image file, under these options; see {@link #detect(InputStream,
   * String)}}
   */
  public Detections detect(InputStream image, String name, DetectOptions options)
      throws IOException {
    requireNonNull(image, "image");
    requireNonNull(name, "name");
    return call(() -> RgbImage.read(image, name, reading), options);
  }

  /**
   * {@return the detections in an image, under the options {@code irmb.options.*}}
   *
   * @throws OverloadException if too many calls are in progress
   */
  public Detections detect(RgbImage image) {
    return detect(image, detector.options());
  }

  /** {@return the detections in an image, under these options; see {@link #detect(RgbImage)}} */
  public Detections detect(RgbImage image, DetectOptions options) {
    requireNonNull(image, "image");
    return call(() -> image, options);
  }

  /** {@return the number of calls that wait} */
  public int waiting() {
    return gate.waiting();
  }

  /** {@return the number of calls that decode or detect} */
  public int active() {
    return gate.active();
  }

  /** Provides the image of a call. */
  @FunctionalInterface
  private interface Source<E extends Exception> {
    RgbImage read() throws E;
  }

  private <E extends Exception> Detections call(Source<E> source, DetectOptions options) throws E {
    requireNonNull(options, "options");
    Outcome outcome = Outcome.REFUSED;
    try {
      gate.enter();
      try {
        outcome = Outcome.ERROR;
        long start = System.nanoTime();
        RgbImage image = source.read();
        double decoding = (System.nanoTime() - start) / NANOS_PER_MILLI;
        Detections detections =
            batches == null ? detector.detect(image, options) : batches.detect(image, options);
        detections =
            detections.withTimings(detections.timings().plus(new Timings(decoding, 0, 0, 0)));
        metrics.count(detections);
        outcome = Outcome.SUCCESS;
        return detections;
      } finally {
        gate.leave();
      }
    } catch (ImageException e) {
      if (e.reason() != ImageException.Reason.OUT_OF_MEMORY) {
        outcome = Outcome.INVALID;
      }
      throw e;
    } finally {
      if (outcome != Outcome.SUCCESS) {
        metrics.count(outcome);
      }
    }
  }

  private List<Detections> detectBatch(List<RgbImage> images, DetectOptions options) {
    metrics.countBatch(images.size());
    return detector.detectAll(images, options);
  }
}
