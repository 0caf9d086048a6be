package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A detector's settings sent elsewhere by Java's serialization, as engines do it. */
@Tag("engine")
class DetectorSettingsTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");

  private static Object sent(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void detectorOpenedElsewhereFindsTheSame(@TempDir Path folder)
      throws IOException, ClassNotFoundException {
    Path config = folder.resolve("cells.yaml");
    Files.writeString(
        config,
        Files.readString(Path.of("configs/yolov5n_iRMB.yaml")).replaceFirst("nc: *80", "nc: 3"));
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withSize(160, 192)
            .withConfidenceThreshold(0.3)
            .withClasses(Set.of(0, 2))
            .withSlices(Slices.of(320).withOverlap(0.3));
    Detector.Builder builder =
        Detector.builder()
            .config(config.toString())
            .weights(WEIGHTS)
            .device("cpu")
            .execution(ExecutionMode.EAGER)
            .maxConcurrency(1)
            .batchSize(2)
            .options(options);
    DetectorSettings settings = builder.settings();
    DetectorSettings there = (DetectorSettings) sent(settings);
    assertEquals(settings, there);
    assertEquals(settings, there.toBuilder().settings());
    RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
    try (Detector here = builder.build();
        Detector elsewhere = there.open()) {
      assertEquals(options, elsewhere.options());
      Detections expected = here.detect(image);
      assertFalse(expected.isEmpty());
      assertEquals(expected, elsewhere.detect(image));
    }
  }

  @Test
  void classesAreChosenByNameOrById() throws IOException {
    RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
    try (Detector detector = Detector.load(WEIGHTS)) {
      DetectOptions byId = detector.options().withClasses(Set.of(1, 2));
      Detections expected = detector.detect(image, byId);
      assertFalse(expected.isEmpty());
      DetectOptions byName = detector.options().withClasses("WBC", "Platelets", "WBC");
      assertEquals(expected, detector.detect(image, byName));
      DetectOptions unknown = byId.withClasses("platelets");
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> detector.detect(image, unknown));
      assertTrue(e.toString().contains("did you mean Platelets"), e.toString());
      assertEquals(
          detector.detect(image),
          detector.detect(image, byName.withClassNames(null).withClasses(null)));
    }
  }

  @Test
  void defaultsAreSentAsWell() throws IOException, ClassNotFoundException {
    DetectorSettings settings = Detector.builder().weights(WEIGHTS).settings();
    assertEquals(settings, sent(settings));
    assertEquals(DetectOptions.DEFAULTS, sent(DetectOptions.DEFAULTS));
    assertEquals(DetectorSettings.DEFAULTS.withWeights(WEIGHTS.toString()), settings);
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    DetectorSettings good = Detector.builder().weights(WEIGHTS).settings();
    names("device", () -> good.withDevice("gpu"));
    names("maxConcurrency", () -> good.withMaxConcurrency(-1));
    names("batchSize", () -> good.withBatchSize(0));
    assertThrows(IllegalStateException.class, () -> Detector.builder().settings());
    assertThrows(IllegalStateException.class, DetectorSettings.DEFAULTS::open);
  }

  private static void names(String option, Runnable wrong) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
    assertTrue(message.startsWith(option + ": expected"), message);
  }
}
