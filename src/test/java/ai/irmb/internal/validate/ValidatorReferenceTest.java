package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.internal.image.ValidationResize;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.testing.CocoEvaluation;
import ai.irmb.testing.Shared;
import ai.irmb.validate.Report;
import ai.irmb.validate.Validation;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of upstream's own validation and of COCO's protocol, for both models that ship. */
class ValidatorReferenceTest {
  private static final double TOLERANCE = 1e-3;
  private static final double COCO_TOLERANCE = 2e-3;

  /** All images are of one size. */
  private static final int WIDTH = 640;

  private static final int HEIGHT = 480;

  /**
   * Upstream stops suppressing in a batch of eight after 0.9 s, and has then found nothing in the
   * images that are left. When this reference was made, that happened: these are the last of the
   * sixth batch and the last two of the seventh. No one or two images, and no other three that
   * share two with these, explain the figures.
   */
  private static final Set<String> GIVEN_UP =
      Set.of("BloodImage_00018.jpg", "BloodImage_00075.jpg", "BloodImage_00171.jpg");

  /** Likewise when COCO's figures were made, in another run: the last two of the sixth batch. */
  private static final Set<String> GIVEN_UP_FOR_COCO =
      Set.of("BloodImage_00018.jpg", "BloodImage_00019.jpg");

  private static final int BATCH = 8;

  @ParameterizedTest
  @CsvSource({
    "bccd-yolov5n_iRMB, 320, COMPILED",
    "bccd-yolov5n_iRMB, 320, EAGER",
    "bccd-yolov5n_iRMB-bottleneck, 640, COMPILED",
  })
  void givesUpstreamsFigures(String name, int size, ExecutionMode mode) {
    Found found = validate(name, size, mode);
    JsonObject wanted = wanted(name, size);
    check(wanted, found.validation().report(), TOLERANCE);
    check(wanted, coco(found.rows(), found.data()), COCO_TOLERANCE);
  }

  @Test
  void givesUpstreamsFiguresWhereUpstreamGaveUpImages() {
    Found found = validate("bccd-yolov5n_iRMB", 640, ExecutionMode.COMPILED);
    JsonObject wanted = wanted("bccd-yolov5n_iRMB", 640);
    Metrics metrics = new Metrics(found.validation().names());
    without(GIVEN_UP, found.rows())
        .forEach((p, r) -> metrics.add(r, Truth.of(p.labels(), WIDTH, HEIGHT, WIDTH, HEIGHT)));
    check(wanted, metrics.result().report(), TOLERANCE / 10);
    check(wanted, coco(without(GIVEN_UP_FOR_COCO, found.rows()), found.data()), TOLERANCE / 10);
    double more = found.validation().report().recall() - wanted.get("recall").getAsDouble();
    assertEquals(0.02, more, 0.001, "so much more is found in all images");
  }

  @Test
  void whatUpstreamGaveUpIsTheEndOfBatches() {
    List<LabeledImage> images = Dataset.read(Shared.path("data/bccd/data.yaml")).images();
    int[] widths = new int[images.size()];
    int[] heights = new int[images.size()];
    Arrays.fill(widths, WIDTH);
    Arrays.fill(heights, HEIGHT);
    List<String> order =
        ValidationResize.order(widths, heights).stream().map(i -> name(images.get(i))).toList();
    List<String> sixth = order.subList(5 * BATCH, 6 * BATCH);
    List<String> seventh = order.subList(6 * BATCH, 7 * BATCH);
    Set<String> ends = new HashSet<>(seventh.subList(BATCH - 2, BATCH));
    ends.add(sixth.get(BATCH - 1));
    assertEquals(GIVEN_UP, ends);
    assertEquals(GIVEN_UP_FOR_COCO, Set.copyOf(sixth.subList(BATCH - 2, BATCH)));
  }

  private static String name(LabeledImage image) {
    return String.valueOf(image.file().getFileName());
  }

  private static Map<LabeledImage, ScoredBoxes> without(
      Set<String> names, Map<LabeledImage, ScoredBoxes> all) {
    Map<LabeledImage, ScoredBoxes> rows = new LinkedHashMap<>(all);
    rows.replaceAll((p, r) -> names.contains(name(p)) ? none() : r);
    return rows;
  }

  private static ScoredBoxes none() {
    return new ScoredBoxes(0, new float[0], new float[0], new int[0], new int[0], new float[0], 0);
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
