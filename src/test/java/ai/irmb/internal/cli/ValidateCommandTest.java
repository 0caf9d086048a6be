package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.limit.Limits;
import ai.irmb.testing.CocoEvaluation;
import ai.irmb.testing.Shared;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What validate takes and what it writes, with the models that ship. */
@Tag("engine")
class ValidateCommandTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final String YAML = "path: .\ntest: images\nnames: [RBC, WBC, Platelets]\n";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(Object... args) {
    String[] all = Stream.of(args).map(Object::toString).toArray(String[]::new);
    return Main.run(new PrintWriter(out), new PrintWriter(err), all);
  }

  /** An image with what the model is sure of as labels, and one with nothing in it. */
  private Path data() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Files.copy(IMAGE, images.resolve("000012.jpg"));
    RgbImage.of(64, 48, new byte[3 * 64 * 48]).write(images.resolve("empty.png"));
    Path found = folder.resolve("found");
    assertEquals(
        0,
        run(
            "detect",
            "--conf-thres",
            0.5,
            "--save",
            found,
            "--save-txt",
            images.resolve("000012.jpg")),
        err.toString());
    Files.move(found.resolve("labels"), folder.resolve("labels"));
    return Files.writeString(folder.resolve("data.yaml"), YAML);
  }

  @Test
  void recognizesTheListOfCocosOwnDataSet() throws IOException {
    Path yaml = folder.resolve("coco.yaml");
    Files.writeString(yaml, "test: images\nval: coco/val2017.txt\nnames: [x]\n");
    assertTrue(ValidateCommand.isCoco(DatasetConfig.read(yaml, Limits.DEFAULTS)));
    Files.writeString(yaml, "test: coco/val2017.txt\nval: images\nnames: [x]\n");
    assertFalse(ValidateCommand.isCoco(DatasetConfig.read(yaml, Limits.DEFAULTS)));
  }

  @Test
  void writesFiguresResultsAndImages() throws IOException {
    Path data = data();
    Path json = folder.resolve("new/figures.json");
    Path coco = folder.resolve("new/coco.json");
    Path plots = folder.resolve("plots");
    int code = run("validate", "--data", data, "--json", json, "--coco", coco, "--plots", plots);
    assertEquals(0, code, err.toString());
    assertEquals(data + ": there is no split val; this is test", err.toString().strip());
    JsonObject figures = Shared.json(json).getAsJsonObject();
    Set<String> keys =
        Set.of("images", "left_out", "labels", "precision", "recall", "map50", "map", "classes");
    assertEquals(keys, figures.keySet());
    assertEquals(2, figures.get("images").getAsInt());
    int labels = Files.readAllLines(folder.resolve("labels/000012.txt")).size();
    assertEquals(labels, figures.get("labels").getAsInt());
    assertEquals(1, figures.get("recall").getAsDouble(), 0.05, "it finds what it found");
    assertTrue(figures.get("map50").getAsDouble() > 0.9, figures.toString());
    JsonObject cells = figures.getAsJsonObject("classes").getAsJsonObject("RBC");
    Set<String> own = Set.of("labels", "precision", "recall", "map50", "map");
    assertEquals(own, cells.keySet());
    assertTrue(out.toString().contains("mAP50-95"), out.toString());
    checkResults(Shared.json(coco).getAsJsonArray());
    for (String name : List.of("PR", "F1", "P", "R")) {
      checkImage(plots.resolve(name + "_curve.png"));
    }
    checkImage(plots.resolve("confusion_matrix.png"));
  }

  private static void checkResults(JsonArray results) {
    assertFalse(results.isEmpty());
    double best = 0;
    for (JsonElement each : results) {
      JsonObject row = each.getAsJsonObject();
      assertEquals(Set.of("image_id", "category_id", "bbox", "score"), row.keySet());
      String image = row.get("image_id").getAsString();
      assertTrue(Set.of("12", "empty").contains(image), image);
      assertTrue(row.get("score").getAsDouble() >= 0.001);
      JsonArray box = row.getAsJsonArray("bbox");
      assertTrue(box.get(0).getAsDouble() + box.get(2).getAsDouble() <= 640.001, row.toString());
      best = Math.max(best, row.get("score").getAsDouble());
    }
    assertTrue(best > 0.5);
  }

  /** Has to be an image of some size with ink of several colours. */
  private static void checkImage(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertNotNull(image, file.toString());
    assertTrue(image.getWidth() > 600 && image.getHeight() > 600, image.toString());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    assertTrue(Arrays.stream(pixels).distinct().count() > 20, file.toString());
    long white = Arrays.stream(pixels).filter(p -> p == 0xffffffff).count();
    assertTrue(white > 0.2 * pixels.length && white < 0.99 * pixels.length, file + ": " + white);
  }

  @Test
  void leavesOutWhatCannotBeRead() throws IOException {
    Path data = data();
    byte[] whole = Files.readAllBytes(IMAGE);
    Files.write(folder.resolve("images/cut.jpg"), Arrays.copyOf(whole, whole.length / 2));
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, whole.length / 2, whole.length / 2 + 60, (byte) 0x5A);
    Files.write(folder.resolve("images/damaged.jpg"), damaged);
    Files.writeString(folder.resolve("images/text.png"), "no image");
    RgbImage narrow = RgbImage.of(60, 9, new byte[3 * 60 * 9]);
    narrow.write(folder.resolve("images/narrow.png"));
    Files.writeString(
        folder.resolve("list.txt"),
        Stream.of("000012.jpg", "cut.jpg", "damaged.jpg", "text.png", "narrow.png", "gone.jpg")
            .collect(Collectors.joining("\nimages/", "images/", "\n")));
    Files.writeString(data, YAML + "val: list.txt\n");
    Path json = folder.resolve("figures.json");
    assertEquals(0, run("validate", "--data", data, "--json", json), err.toString());
    assertEquals(1, Shared.json(json).getAsJsonObject().get("images").getAsInt());
    List<String> lines = err.toString().lines().sorted().toList();
    assertEquals(6, lines.size(), err.toString());
    assertEquals("left out: 5 of 6 images; --strict stops instead", lines.get(5));
    assertTrue(lines.get(0).contains("cut.jpg: the file is truncated"), lines.get(0));
    assertTrue(lines.get(1).contains("damaged.jpg: the image is damaged"), lines.get(1));
    assertTrue(lines.get(2).contains("gone.jpg: there is no such file"), lines.get(2));
    assertTrue(lines.get(3).contains("narrow.png: 60 x 9 pixels are too few"), lines.get(3));
    assertTrue(lines.get(4).contains("text.png: this is text"), lines.get(4));
  }

  @Test
  void saysWhatIsWrongInOneSentence() throws IOException {
    Path data = data();
    assertEquals(2, run("validate", "--data", data, "--batch-size", 0));
    assertEquals(2, run("validate", "--data", data, "--size", 0));
    assertEquals(2, run("validate", "--data", data, "--conf-thres", 1.5));
    assertEquals(2, run("validate", "--data", data, "--max-det", -1));
    assertEquals(2, run("validate"));
    assertEquals(1, run("validate", "--data", data, "--split", "train"));
    assertEquals(1, run("validate", "--data", folder.resolve("none.yaml")));
    Files.writeString(data, "test: images\nnames: [a, b, c, d]\n");
    assertEquals(1, run("validate", "--data", data, "--split", "test"));
    Files.writeString(data, "test: images\nnames: [a]\n");
    Path json = folder.resolve("figures.json");
    assertEquals(1, run("validate", "--data", data, "--split", "test", "--json", json));
    assertFalse(Files.exists(json));
    List<String> lines = err.toString().lines().toList();
    assertEquals("--batch-size: expected 1 to 1024, found 0", lines.get(0));
    assertEquals("--size: expected at least 1, found 0", lines.get(1));
    assertEquals("--conf-thres: expected 0 to 1, found 1.5", lines.get(2));
    assertEquals("--max-det: expected 1 to 30000, found -1", lines.get(3));
    assertTrue(lines.get(4).contains("--data"), lines.get(4));
    assertTrue(lines.get(5).endsWith("there is no split train; it has [test]"), lines.get(5));
    assertTrue(lines.get(6).contains("none.yaml"), lines.get(6));
    assertTrue(lines.get(7).contains("it has 4 classes, the model has 3"), lines.get(7));
    assertTrue(lines.get(8).contains("it has 1 classes, the model has 3"), lines.get(8));
    assertEquals(9, lines.size(), err.toString());
  }

  /** By the issue's command line, held against upstream's figures and COCO's protocol. */
  @Test
  void scoresABloodCellModelAsUpstreamDoes() throws IOException {
    Path data = Shared.path("data/bccd/data.yaml");
    Path json = folder.resolve("figures.json");
    Path coco = folder.resolve("coco.json");
    String weights = "models/bccd-yolov5n_iRMB-bottleneck.pt";
    assertEquals(
        0,
        run(
            "validate",
            "--data",
            data,
            "--weights",
            weights,
            "--size",
            320,
            "--split",
            "test",
            "--batch-size",
            16,
            "--json",
            json,
            "--coco",
            coco),
        err.toString());
    JsonObject wanted =
        Shared.json(Shared.path("reference/validation/bccd-yolov5n_iRMB-bottleneck-320.json"))
            .getAsJsonObject();
    JsonObject figures = Shared.json(json).getAsJsonObject();
    checkFigures(wanted, figures);
    JsonObject classes = wanted.getAsJsonObject("classes");
    for (String name : classes.keySet()) {
      JsonObject ours = figures.getAsJsonObject("classes").getAsJsonObject(name);
      checkFigures(classes.getAsJsonObject(name), ours);
    }
    CocoEvaluation.Result result = CocoEvaluation.of(results(coco), objects(data));
    JsonObject theirs = wanted.getAsJsonObject("coco");
    assertEquals(theirs.get("map").getAsDouble(), result.map(), 2e-3);
    assertEquals(theirs.get("map50").getAsDouble(), result.map50(), 2e-3);
    assertEquals(theirs.get("map75").getAsDouble(), result.map75(), 2e-3);
  }

  private static void checkFigures(JsonObject wanted, JsonObject figures) {
    for (String key : List.of("labels", "precision", "recall", "map50", "map")) {
      assertEquals(wanted.get(key).getAsDouble(), figures.get(key).getAsDouble(), 1e-3, key);
    }
  }

  private static List<CocoEvaluation.Row> results(Path coco) {
    List<CocoEvaluation.Row> rows = new ArrayList<>();
    for (JsonElement each : Shared.json(coco).getAsJsonArray()) {
      JsonObject row = each.getAsJsonObject();
      JsonArray b = row.getAsJsonArray("bbox");
      rows.add(
          new CocoEvaluation.Row(
              row.get("image_id").getAsString(),
              row.get("category_id").getAsInt(),
              row.get("score").getAsDouble(),
              b.get(0).getAsDouble(),
              b.get(1).getAsDouble(),
              b.get(2).getAsDouble(),
              b.get(3).getAsDouble()));
    }
    return rows;
  }

  /** The images are all of one size. */
  private static List<CocoEvaluation.Row> objects(Path data) throws IOException {
    List<CocoEvaluation.Row> rows = new ArrayList<>();
    Path labels = data.resolveSibling("labels/test");
    try (Stream<Path> files = Files.list(labels)) {
      for (Path file : files.toList()) {
        String stem = String.valueOf(file.getFileName()).replace(".txt", "");
        for (String line : Files.readAllLines(file)) {
          String[] v = line.strip().split(" ", -1);
          double w = Double.parseDouble(v[3]) * 640;
          double h = Double.parseDouble(v[4]) * 480;
          double x = Double.parseDouble(v[1]) * 640 - w / 2;
          double y = Double.parseDouble(v[2]) * 480 - h / 2;
          rows.add(new CocoEvaluation.Row(stem, Integer.parseInt(v[0]), 1, x, y, w, h));
        }
      }
    }
    return rows;
  }

  @Test
  void countsTheTimeThatIsLeft() {
    assertEquals("", ProgressBar.remainingTime(5_000_000_000L, 0, 10).strip());
    assertEquals("0:20 left", ProgressBar.remainingTime(5_000_000_000L, 4, 16).strip());
    assertEquals(
        "2:46:40", ProgressBar.remainingTime(1_000_000_000L, 1, 10_000).strip().split(" ", -1)[0]);
  }
}
