package ai.irmb.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.testing.Shared;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of upstream's own validation, for both models that ship. */
class ValidatorReferenceTest {
  private static final double TOLERANCE = 1e-3;

  @ParameterizedTest
  @CsvSource({
    "bccd-yolov5n_iRMB, 320, COMPILED",
    "bccd-yolov5n_iRMB, 320, EAGER",
    "bccd-yolov5n_iRMB-bottleneck, 320, COMPILED",
    "bccd-yolov5n_iRMB-bottleneck, 640, COMPILED",
  })
  void givesUpstreamsFigures(String name, int size, ExecutionMode mode) throws IOException {
    Path folder = Shared.path("data/bccd");
    JsonObject wanted =
        JsonParser.parseString(
                Files.readString(
                    Shared.path("reference/validation").resolve(name + "-" + size + ".json")))
            .getAsJsonObject();
    Report report = validate(Path.of("models", name + ".pt"), folder, size, mode);
    assertEquals(wanted.get("images").getAsInt(), report.images());
    check(
        wanted, report.labels(), report.precision(), report.recall(), report.map50(), report.map());
    JsonObject classes = wanted.getAsJsonObject("classes");
    assertEquals(classes.keySet(), report.classes().keySet());
    report
        .classes()
        .forEach(
            (label, c) ->
                check(
                    classes.getAsJsonObject(label),
                    c.labels(),
                    c.precision(),
                    c.recall(),
                    c.map50(),
                    c.map()));
  }

  private static void check(JsonObject wanted, int labels, double... figures) {
    assertEquals(wanted.get("labels").getAsInt(), labels);
    List<String> keys = List.of("precision", "recall", "map50", "map");
    for (int i = 0; i < figures.length; i++) {
      assertEquals(wanted.get(keys.get(i)).getAsDouble(), figures[i], TOLERANCE, keys.get(i));
    }
  }

  private static Report validate(Path weights, Path folder, int size, ExecutionMode mode) {
    DataSet data = DataSet.read(folder.resolve("data.yaml"), "test");
    try (Detector detector =
        Detector.builder().weights(weights).device("cpu").execution(mode).build()) {
      return detector
          .validate(data, Validator.Settings.upstream(size, 8), Validator.Listener.NONE)
          .report();
    }
  }
}
