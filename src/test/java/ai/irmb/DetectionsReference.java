package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Partners;
import ai.irmb.testing.Shared;
import ai.irmb.testing.TestDevice;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What upstream detects, in every setting, on every image, one for one, on a device. */
abstract class DetectionsReference {
  private static final double CONFIDENCE = 1e-3;
  private static final double PIXELS = 0.5;

  /** Where convolutions round to TF32. */
  private static final double ROUNDED_CONFIDENCE = 0.02;

  /** Whether to run every image in every setting, which takes minutes: {@code irmb.thorough}. */
  private static final boolean THOROUGH = Boolean.getBoolean("irmb.thorough");

  /** Whether a choice will do in compiled execution too, as on the second version pair. */
  private static final boolean QUICK = Boolean.getBoolean("irmb.quick");

  private final TestDevice device;

  DetectionsReference(TestDevice device) {
    this.device = device;
  }

  @TestFactory
  Stream<DynamicContainer> eagerDetectsWhatUpstreamDetects() {
    return detects(ExecutionMode.EAGER);
  }

  @TestFactory
  Stream<DynamicContainer> compiledDetectsWhatUpstreamDetects() {
    return detects(ExecutionMode.COMPILED);
  }

  private Stream<DynamicContainer> detects(ExecutionMode mode) {
    Path folder = Shared.reference("detections");
    return Stream.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck", "yolov5n-coco")
        .filter(name -> Files.exists(folder.resolve(name + ".json")))
        .map(
            name -> {
              JsonObject settings = Shared.json(folder.resolve(name + ".json")).getAsJsonObject();
              return DynamicContainer.dynamicContainer(
                  name,
                  List.copyOf(settings.keySet()).stream()
                      .map(
                          key ->
                              DynamicTest.dynamicTest(
                                  key,
                                  () ->
                                      setting(
                                          name,
                                          mode,
                                          List.copyOf(settings.keySet()).indexOf(key),
                                          settings.getAsJsonObject(key)))));
            });
  }

  private void setting(String name, ExecutionMode mode, int number, JsonObject setting)
      throws IOException {
    boolean shipped = name.startsWith("bccd");
    Path images =
        !Shared.isThere()
            ? Path.of("models/sample")
            : Shared.path(shipped ? "data/bccd/images/test" : "data/pictures");
    Path weights = Path.of("models", name + ".pt");
    try (Detector detector =
        device
            .detector(shipped ? weights : Shared.path("data/checkpoints/" + name + ".pt"))
            .execution(mode)
            .options(options(setting.getAsJsonObject("settings")))
            .build()) {
      JsonArray all = setting.getAsJsonArray("pictures");
      // Every image when asked for; else a choice, another one in each setting.
      int step = all.size() < 10 || THOROUGH ? 1 : mode == ExecutionMode.COMPILED && !QUICK ? 4 : 9;
      for (int i = number % step; i < all.size(); i += step) {
        JsonObject image = all.get(i).getAsJsonObject();
        Detections found = detector.detect(images.resolve(image.get("image").getAsString()));
        compare(image, found);
      }
    }
  }

  private static DetectOptions options(JsonObject s) {
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withRectangular(s.get("auto").getAsBoolean())
            .withConfidenceThreshold(s.get("conf").getAsDouble())
            .withIouThreshold(s.get("iou").getAsDouble())
            .withClassAgnostic(s.get("agnostic").getAsBoolean())
            .withMultiLabel(s.get("multi_label").getAsBoolean())
            .withMaxDetections(s.get("max_det").getAsInt());
    if (!s.get("classes").isJsonNull()) {
      Set<Integer> classes = new TreeSet<>();
      s.getAsJsonArray("classes").forEach(c -> classes.add(c.getAsInt()));
      options = options.withClasses(classes);
    }
    JsonElement size = s.get("size");
    if (size.isJsonArray()) {
      JsonArray hw = size.getAsJsonArray();
      return options.withSize(hw.get(0).getAsInt(), hw.get(1).getAsInt());
    }
    return options.withSize(size.getAsInt());
  }

  private void compare(JsonObject image, Detections found) {
    String name = image.get("image").getAsString();
    assertEquals(image.get("width").getAsInt(), found.width(), name);
    assertEquals(image.get("height").getAsInt(), found.height(), name);
    assertEquals(image.getAsJsonArray("input").get(0).getAsInt(), found.inputHeight(), name);
    assertEquals(image.getAsJsonArray("input").get(1).getAsInt(), found.inputWidth(), name);
    if (device.usesTf32()) {
      List<Detection> expected = new ArrayList<>();
      for (JsonElement element : image.getAsJsonArray("detections")) {
        expected.add(detection(element.getAsJsonObject()));
      }
      Partners.check(name, expected, found.list(), ROUNDED_CONFIDENCE);
      return;
    }
    List<Detection> left = new ArrayList<>(found.list());
    List<JsonObject> missing = new ArrayList<>();
    for (JsonElement element : image.getAsJsonArray("detections")) {
      JsonObject expected = element.getAsJsonObject();
      if (!removeFirst(left, expected)) {
        missing.add(expected);
      }
    }
    // An image that hangs on a threshold may gain or lose a box or two by rounding.
    int spare = image.get("stable").getAsBoolean() ? 0 : 2;
    assertTrue(
        missing.size() <= spare && left.size() <= spare,
        name + ": upstream also finds " + missing + ", we also find " + left);
  }

  private static Detection detection(JsonObject e) {
    JsonArray box = e.getAsJsonArray("box");
    return new Detection(
        e.get("class").getAsInt(),
        e.get("label").getAsString(),
        e.get("confidence").getAsFloat(),
        new Box(
            box.get(0).getAsFloat(),
            box.get(1).getAsFloat(),
            box.get(2).getAsFloat(),
            box.get(3).getAsFloat()));
  }

  private static boolean removeFirst(List<Detection> left, JsonObject expected) {
    for (int i = 0; i < left.size(); i++) {
      if (same(left.get(i), expected)) {
        left.remove(i);
        return true;
      }
    }
    return false;
  }

  private static boolean same(Detection d, JsonObject expected) {
    Detection e = detection(expected);
    return Math.abs(d.confidence() - e.confidence()) <= CONFIDENCE
        && Math.abs(d.box().x1() - e.box().x1()) <= PIXELS
        && Math.abs(d.box().y1() - e.box().y1()) <= PIXELS
        && Math.abs(d.box().x2() - e.box().x2()) <= PIXELS
        && Math.abs(d.box().y2() - e.box().y2()) <= PIXELS
        && d.classId() == e.classId()
        && d.label().equals(e.label());
  }
}
