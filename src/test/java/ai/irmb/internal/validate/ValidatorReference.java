package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.ValidationListener;
import ai.irmb.limit.Limits;
import ai.irmb.testing.CocoEvaluation;
import ai.irmb.testing.Shared;
import ai.irmb.testing.TestDevice;
import ai.irmb.validate.Report;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement with YOLOv5's validation and with COCO's protocol, for both shipped models. */
abstract class ValidatorReference {
  private static final double TOLERANCE = 1e-4;

  /** With half the bits, or with convolutions that round to TF32. */
  private static final double ROUNDED = 2e-3;

  /** All images are of one size. */
  private static final int WIDTH = 640;

  private static final int HEIGHT = 480;

  private final TestDevice device;

  ValidatorReference(TestDevice device) {
    this.device = device;
  }

  @ParameterizedTest
  @CsvSource({
    "bccd-yolov5n_iRMB, 320, COMPILED",
    "bccd-yolov5n_iRMB, 320, EAGER",
    "bccd-yolov5n_iRMB, 640, COMPILED",
    "bccd-yolov5n_iRMB-bottleneck, 320, COMPILED",
    "bccd-yolov5n_iRMB-bottleneck, 640, COMPILED",
  })
  void agreesWithUpstream(String name, int size, ExecutionMode mode) {
    Run run = validate(name, size, mode, Precision.FP32);
    JsonObject expected = expected(name, size);
    if (device.usesTf32()) {
      assertEquals(expected.get("map50").getAsDouble(), run.validation().report().map50(), ROUNDED);
      return;
    }
    check(expected, run.validation().report(), TOLERANCE);
    check(expected, coco(run.detections()), TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck"})
  void halfPrecisionHasTheSameMap50(String name) {
    for (Precision precision : device.halfPrecisions()) {
      Run run = validate(name, 320, ExecutionMode.COMPILED, precision);
      assertEquals(
          expected(name, 320).get("map50").getAsDouble(),
          run.validation().report().map50(),
          precision == Precision.FP16 ? ROUNDED : 4 * ROUNDED,
          () -> precision.toString());
    }
  }

  private static JsonObject expected(String name, int size) {
    Path folder = Shared.path("reference/validation");
    return Shared.json(folder.resolve(name + "-" + size + ".json")).getAsJsonObject();
  }

  private static Path data() {
    return Shared.path("data/bccd/data.yaml");
  }

  private record Run(Validation validation, Map<Path, Detections> detections) {}

  private Run validate(String name, int size, ExecutionMode mode, Precision precision) {
    Map<Path, Detections> detections = new LinkedHashMap<>();
    try (Detector detector =
        device
            .detector(Path.of("models", name + ".pt"))
            .execution(mode)
            .precision(precision)
            .build()) {
      Validation validation =
          detector.validate(
              data(),
              ValidateOptions.DEFAULTS.withSplit("test").withSize(size),
              new ValidationListener() {
                @Override
                public void onResult(Path image, Detections result) {
                  detections.put(image, result);
                }

                @Override
                public void onSkipped(Path image, String reason) {
                  fail(reason);
                }
              });
      return new Run(validation, detections);
    }
  }

  private static CocoEvaluation.Result coco(Map<Path, Detections> detections) {
    List<CocoEvaluation.Row> found = new ArrayList<>();
    List<CocoEvaluation.Row> truth = new ArrayList<>();
    for (LabeledImage image :
        Dataset.read(data(), ValidateOptions.DEFAULTS.withSplit("test"), false, Limits.DEFAULTS)
            .images()) {
      String file = image.file().toString();
      for (Detection d : requireNonNull(detections.get(image.file()), file)) {
        Box b = d.box();
        found.add(row(file, d.classId(), d.confidence(), b.x1(), b.y1(), b.x2(), b.y2()));
      }
      GroundTruth t = GroundTruth.of(image.labels(), WIDTH, HEIGHT, WIDTH, HEIGHT);
      for (int i = 0; i < t.count(); i++) {
        float[] b = Arrays.copyOfRange(t.boxes(), 4 * i, 4 * i + 4);
        truth.add(row(file, t.classes()[i], 0, b[0], b[1], b[2], b[3]));
      }
    }
    return CocoEvaluation.of(found, truth);
  }

  private static CocoEvaluation.Row row(
      String image, int classId, float score, double x1, double y1, double x2, double y2) {
    return new CocoEvaluation.Row(image, classId, score, x1, y1, x2 - x1, y2 - y1);
  }

  private static void check(JsonObject expected, CocoEvaluation.Result result, double tolerance) {
    JsonObject coco = expected.getAsJsonObject("coco");
    assertEquals(coco.get("map").getAsDouble(), result.map(), tolerance);
    assertEquals(coco.get("map50").getAsDouble(), result.map50(), tolerance);
    assertEquals(coco.get("map75").getAsDouble(), result.map75(), tolerance);
  }

  private static void check(JsonObject expected, Report r, double tolerance) {
    assertEquals(expected.get("images").getAsInt(), r.images());
    check(expected, tolerance, r.labels(), r.precision(), r.recall(), r.map50(), r.map50To95());
    JsonObject classes = expected.getAsJsonObject("classes");
    assertEquals(classes.keySet(), r.classes().keySet());
    r.classes()
        .forEach(
            (label, c) ->
                check(
                    classes.getAsJsonObject(label),
                    tolerance,
                    c.labels(),
                    c.precision(),
                    c.recall(),
                    c.map50(),
                    c.map50To95()));
  }

  private static void check(JsonObject expected, double tolerance, int labels, double... figures) {
    assertEquals(expected.get("labels").getAsInt(), labels);
    List<String> keys = List.of("precision", "recall", "map50", "map");
    for (int i = 0; i < figures.length; i++) {
      assertEquals(expected.get(keys.get(i)).getAsDouble(), figures[i], tolerance, keys.get(i));
    }
  }
}
