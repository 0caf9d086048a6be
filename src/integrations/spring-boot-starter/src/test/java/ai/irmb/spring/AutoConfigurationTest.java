package ai.irmb.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AutoConfigurationTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
  private static final Path IMAGE = REPOSITORY.resolve("models/sample/blood-cells.jpg");
  private static final String WEIGHTS =
      "irmb.weights=" + REPOSITORY.resolve("models/bccd-yolov5n_iRMB.pt");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  IrmbAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  SimpleMetricsExportAutoConfiguration.class));

  private final ApplicationContextRunner withWeights = runner.withPropertyValues(WEIGHTS);

  @Test
  void closesTheDetectorWithTheContext() {
    AtomicReference<Detector> detector = new AtomicReference<>();
    AtomicReference<HealthIndicator> health = new AtomicReference<>();
    withWeights.run(
        context -> {
          detector.set(context.getBean(Detector.class));
          health.set(context.getBean(HealthIndicator.class));
          Health up = health.get().health();
          assertThat(up.getStatus()).isEqualTo(Status.UP);
          assertThat(up.getDetails())
              .containsEntry("weights", "bccd-yolov5n_iRMB.pt")
              .containsEntry("device", "cpu")
              .containsEntry("classes", 3);
        });
    assertThatIllegalStateException().isThrownBy(() -> detector.get().info());
    assertThat(health.get().health().getStatus()).isEqualTo(Status.DOWN);
  }

  @Test
  void namesThePropertyThatIsMissing() {
    runner.run(
        context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageStartingWith("irmb.weights: not set"));
  }

  @Test
  void passesTheOptionsOn() {
    withWeights
        .withPropertyValues(
            "irmb.warm-up=false",
            "irmb.options.width=320",
            "irmb.options.confidence-threshold=0.5",
            "irmb.options.iou-threshold=0.6",
            "irmb.options.classes=0,2",
            "irmb.options.class-agnostic=true",
            "irmb.options.max-detections=7",
            "irmb.options.masks=off",
            "irmb.options.slices.overlap=0.3",
            "irmb.limits.pixels=1000")
        .run(
            context -> {
              assertThat(context.getBean(Detector.class).options())
                  .isEqualTo(
                      DetectOptions.DEFAULTS
                          .withSize(320)
                          .withConfidenceThreshold(0.5)
                          .withIouThreshold(0.6)
                          .withClasses(Set.of(0, 2))
                          .withClassAgnostic(true)
                          .withMaxDetections(7)
                          .withMasks(ai.irmb.MaskMode.OFF)
                          .withSlices(ai.irmb.Slices.DEFAULTS.withOverlap(0.3)));
              DetectorTemplate template = context.getBean(DetectorTemplate.class);
              assertThatExceptionOfType(ImageException.class)
                  .isThrownBy(() -> detect(template))
                  .matches(e -> e.reason() == ImageException.Reason.LIMIT_EXCEEDED);
            });
  }

  @Test
  void countsImagesDetectionsAndStages() {
    withWeights.run(
        context -> {
          DetectorTemplate template = context.getBean(DetectorTemplate.class);
          Detections detections = detect(template);
          assertThat(detections)
              .isEqualTo(context.getBean(Detector.class).detect(RgbImage.read(IMAGE)));
          assertThat(detections.timings().decode()).isPositive();
          byte[] text = "text".getBytes(StandardCharsets.UTF_8);
          assertThatExceptionOfType(ImageException.class)
              .isThrownBy(() -> template.detect(new ByteArrayInputStream(text), "a.txt"));

          MeterRegistry meters = context.getBean(MeterRegistry.class);
          assertThat(images(meters, "success")).isEqualTo(1);
          assertThat(images(meters, "invalid")).isEqualTo(1);
          assertThat(images(meters, "refused")).isZero();
          detections
              .counts()
              .forEach(
                  (label, n) ->
                      assertThat(
                              meters.get("irmb.detections").tag("class", label).counter().count())
                          .isEqualTo(n.doubleValue()));
          assertThat(detections.counts()).hasSize(3);
          for (String stage : new String[] {"decode", "letterbox", "inference", "postprocess"}) {
            assertThat(meters.get("irmb.stage").tag("stage", stage).timer().count()).isOne();
          }
          double millis =
              meters
                  .get("irmb.stage")
                  .tag("stage", "inference")
                  .timer()
                  .totalTime(java.util.concurrent.TimeUnit.MILLISECONDS);
          assertThat(millis)
              .isCloseTo(
                  detections.timings().inference(), org.assertj.core.data.Offset.offset(0.001));
          assertThat(meters.get("irmb.calls.waiting").gauge().value()).isZero();
          assertThat(meters.get("irmb.calls.active").gauge().value()).isZero();
        });
  }

  @Test
  void countsARefusedCall() {
    withWeights
        .withPropertyValues("irmb.calls.max-active=1", "irmb.calls.max-waiting=0")
        .run(
            context -> {
              DetectorTemplate template = context.getBean(DetectorTemplate.class);
              InputStream nested =
                  new InputStream() {
                    @Override
                    public int read() {
                      // The outer call is active now.
                      return detect(template).size();
                    }
                  };
              assertThatExceptionOfType(OverloadException.class)
                  .isThrownBy(() -> template.detect(nested, "outer"));
              MeterRegistry meters = context.getBean(MeterRegistry.class);
              assertThat(images(meters, "refused")).isEqualTo(1);
              assertThat(images(meters, "error")).isEqualTo(1);
              assertThat(template.active()).isZero();
            });
  }

  @Test
  void worksWithoutActuator() {
    withWeights
        .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
        .run(context -> assertThat(context).hasSingleBean(DetectorTemplate.class));
  }

  @Test
  void describesThePropertiesForEditorsAndInTheDocumentation() throws IOException {
    String metadata;
    try (InputStream in =
        getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(metadata).contains("\"minimum confidence of a detection, 0 to 1\"");
    String page = Files.readString(REPOSITORY.resolve("docs/spring-boot.md"));
    List<String> names =
        Pattern.compile("\"name\": \"(irmb\\.[^\"]+)\",\\s+\"type\": \"[^\"]+\",\\s+\"description\"")
            .matcher(metadata)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(names).contains("irmb.weights", "irmb.options.slices.overlap");
    for (String name : names) {
      String inOptions = name.replace("irmb.options.", "");
      String documented = name.startsWith("irmb.limits") ? "irmb.limits.*" : inOptions;
      assertThat(page).contains('`' + documented + '`');
    }
  }

  @Test
  void documentsEachMeter() throws IOException {
    String page = Files.readString(REPOSITORY.resolve("docs/spring-boot.md"));
    withWeights.run(
        context -> {
          detect(context.getBean(DetectorTemplate.class));
          List<String> meters =
              context.getBean(MeterRegistry.class).getMeters().stream()
                  .map(meter -> meter.getId().getName())
                  .filter(name -> name.startsWith("irmb."))
                  .toList();
          assertThat(meters).contains("irmb.stage", "irmb.detections");
          meters.forEach(name -> assertThat(page).contains("| `" + name + "` |"));
        });
  }

  private static double images(MeterRegistry meters, String outcome) {
    return meters.get("irmb.images").tag("outcome", outcome).counter().count();
  }

  private static Detections detect(DetectorTemplate template) {
    try (InputStream in = Files.newInputStream(IMAGE)) {
      return template.detect(in, "blood-cells.jpg");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
