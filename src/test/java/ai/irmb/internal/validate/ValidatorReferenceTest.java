package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.testing.CocoEvaluation;
import ai.irmb.testing.Shared;
import ai.irmb.validate.Report;
import ai.irmb.validate.Validation;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of upstream's own validation and of COCO's protocol, for both models that ship. */
class ValidatorReferenceTest {
  private static final double TOLERANCE = 1e-4;

  /** All images are of one size. */
  private static final int WIDTH = 640;

  private static final int HEIGHT = 480;

  private static final int BATCH = 8;

  @ParameterizedTest
  @CsvSource({
    "bccd-yolov5n_iRMB, 320, COMPILED",
    "bccd-yolov5n_iRMB, 320, EAGER",
    "bccd-yolov5n_iRMB, 640, COMPILED",
    "bccd-yolov5n_iRMB-bottleneck, 320, COMPILED",
    "bccd-yolov5n_iRMB-bottleneck, 640, COMPILED",
  })
  void givesUpstreamsFigures(String name, int size, ExecutionMode mode) {
    Found found = validate(name, size, mode);
    JsonObject wanted = wanted(name, size);
    check(wanted, found.validation().report(), TOLERANCE);
    check(wanted, coco(found.rows(), found.data()), TOLERANCE);
  }

  private static JsonObject wanted(String name, int size) {
    Path folder = Shared.path("reference/validation");
    return Shared.json(folder.resolve(name + "-" + size + ".json")).getAsJsonObject();
  }

  private record Found(Dataset data, Validation validation, Map<LabeledImage, ScoredBoxes> rows) {}

  private static Found validate(String name, int size, ExecutionMode mode) {
    Dataset data = Dataset.read(Shared.path("data/bccd/data.yaml"), "test");
    Map<Path, ScoredBoxes> rows = new LinkedHashMap<>();
    try (Detector detector =
        Detector.builder()
            .weights(Path.of("models", name + ".pt"))
            .device("cpu")
            .execution(mode)
            .build()) {
      Validation validation =
          detector.validate(
              data,
              Validator.Settings.upstream(size, BATCH),
              new Validator.Listener() {
                @Override
                public void onResult(Path file, ScoredBoxes found) {
                  rows.put(file, found);
                }

                @Override
                public void onSkipped(Path file, String why) {
                  fail(why);
                }
              });
      Map<LabeledImage, ScoredBoxes> inOrder = new LinkedHashMap<>();
      data.images().forEach(p -> inOrder.put(p, rows.get(p.file())));
      return new Found(data, validation, inOrder);
    }
  }

  private static CocoEvaluation.Result coco(Map<LabeledImage, ScoredBoxes> rows, Dataset data) {
    List<CocoEvaluation.Row> found = new ArrayList<>();
    rows.forEach((p, r) -> add(found, p.file(), r.boxes(), r.classes(), r.scores(), r.count()));
    List<CocoEvaluation.Row> truth = new ArrayList<>();
    for (LabeledImage p : data.images()) {
      Truth t = Truth.of(p.labels(), WIDTH, HEIGHT, WIDTH, HEIGHT);
      add(truth, p.file(), t.boxes(), t.classes(), new float[t.count()], t.count());
    }
    return CocoEvaluation.of(found, truth);
  }

  private static void add(
      List<CocoEvaluation.Row> to, Path file, float[] b, int[] classes, float[] scores, int n) {
    for (int i = 0; i < n; i++) {
      double x = b[4 * i];
      double y = b[4 * i + 1];
      to.add(
          new CocoEvaluation.Row(
              file.toString(), classes[i], scores[i], x, y, b[4 * i + 2] - x, b[4 * i + 3] - y));
    }
  }

  private static void check(JsonObject wanted, CocoEvaluation.Result result, double tolerance) {
    JsonObject coco = wanted.getAsJsonObject("coco");
    assertEquals(coco.get("map").getAsDouble(), result.map(), tolerance);
    assertEquals(coco.get("map50").getAsDouble(), result.map50(), tolerance);
    assertEquals(coco.get("map75").getAsDouble(), result.map75(), tolerance);
  }

  private static void check(JsonObject wanted, Report r, double tolerance) {
    assertEquals(wanted.get("images").getAsInt(), r.images());
    check(wanted, tolerance, r.labels(), r.precision(), r.recall(), r.map50(), r.map50To95());
    JsonObject classes = wanted.getAsJsonObject("classes");
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

  private static void check(JsonObject wanted, double tolerance, int labels, double... figures) {
    assertEquals(wanted.get("labels").getAsInt(), labels);
    List<String> keys = List.of("precision", "recall", "map50", "map");
    for (int i = 0; i < figures.length; i++) {
      assertEquals(wanted.get(keys.get(i)).getAsDouble(), figures[i], tolerance, keys.get(i));
    }
  }
}
