package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.Slices;
import ai.irmb.image.RgbImage;
import ai.irmb.testing.Shared;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What detect takes and what it writes, with the model and image that ship. */
@Tag("engine")
class DetectCommandTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  /** Small, so that detecting in them takes no time. */
  private Path in = folder;

  @BeforeEach
  void copyImages() throws IOException {
    in = folder.resolve("in");
    RgbImage small = RgbImage.read(IMAGE).crop(0, 0, 160, 160);
    for (String name : List.of("a.png", "b.jpg", "deep/a.png", "deep/er/c.png")) {
      Path file = in.resolve(name);
      Files.createDirectories(file.getParent());
      small.write(file);
    }
    Files.copy(in.resolve("b.jpg"), in.resolve("b.bmp"));
    Files.writeString(in.resolve("notes.md"), "no image");
  }

  private int detect(Object... args) {
    List<String> all = new ArrayList<>(List.of("detect", "--size", "160"));
    Stream.of(args).map(Object::toString).forEach(all::add);
    return Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  private static Set<String> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static JsonArray json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonArray();
  }

  private static List<String> paths(Path json) throws IOException {
    List<String> paths = new ArrayList<>();
    for (JsonElement row : json(json)) {
      paths.add(row.getAsJsonObject().get("path").getAsString());
    }
    return paths;
  }

  @Test
  void anImageOfAFolderThatCannotBeReadIsNamed() throws IOException {
    byte[] avif = "1234ftypavif".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(in.resolve("c.avif"), avif);
    Files.write(in.resolve("d.PGM"), new byte[] {'P', '5', '\n'});
    Files.copy(in.resolve("b.jpg"), in.resolve("e.mpo"));
    Path json = folder.resolve("found.json");
    assertEquals(1, detect("--json", json, in));
    assertTrue(
        err.toString().contains("c.avif: this is a file of the format AVIF"), err.toString());
    assertTrue(
        err.toString().contains("d.PGM: this is a file of the format Netpbm"), err.toString());
    String root = in + "/";
    assertEquals(
        List.of(root + "a.png", root + "b.bmp", root + "b.jpg", root + "e.mpo"), paths(json));
  }

  @Test
  void truncatedImageIsReadOnRequest() throws IOException {
    Path cut = folder.resolve("cut.jpg");
    byte[] file = Files.readAllBytes(IMAGE);
    Files.write(cut, Arrays.copyOf(file, file.length / 2));
    assertEquals(1, detect(cut));
    assertTrue(err.toString().contains("--accept-truncated"), err.toString());
    assertEquals(0, detect("--accept-truncated", cut), err.toString());
    assertTrue(out.toString().contains("found"), out.toString());
  }

  @Test
  void foldersPatternsAndListsGiveTheirImages() throws IOException {
    Path json = folder.resolve("found.json");
    assertEquals(0, detect("--json", json, in), err.toString());
    String root = in + "/";
    assertEquals(List.of(root + "a.png", root + "b.bmp", root + "b.jpg"), paths(json));
    assertEquals(0, detect("-r", "--json", json, in), err.toString());
    assertEquals(5, paths(json).size());
    assertEquals(0, detect("--json", json, in + "/**/*.png"), err.toString());
    assertEquals(List.of(root + "deep/a.png", root + "deep/er/c.png"), paths(json));
    assertEquals(0, detect("--json", json, in + "/[ab].{png,jpg}"), err.toString());
    assertEquals(List.of(root + "a.png", root + "b.jpg"), paths(json));
    Path list = in.resolve("list.txt");
    Files.writeString(list, "# two\n\n" + IMAGE + "\ndeep/a.png\n");
    for (String argument : List.of("@" + list, list.toString())) {
      assertEquals(0, detect("--json", json, argument), err.toString());
      assertEquals(List.of(IMAGE.toString(), root + "deep/a.png"), paths(json));
    }
  }

  @Test
  void outputsOfManyImagesDoNotMeet() throws IOException {
    Path save = folder.resolve("out");
    assertEquals(
        0,
        detect(
            "--conf-thres",
            "0.1",
            "-r",
            "--save",
            save,
            "--save-txt",
            "--save-crop",
            in,
            in.resolve("a.png"),
            in.resolve("deep/a.png")),
        err.toString());
    Set<String> files = files(save);
    assertTrue(
        files.containsAll(
            List.of(
                "a.png",
                "a-2.png",
                "a-3.png",
                "b.jpg",
                "b.bmp.png",
                "deep/a.png",
                "deep/er/c.png",
                "labels/a.txt",
                "labels/b.bmp.txt",
                "labels/b.jpg.txt",
                "labels/deep/a.txt")),
        files.toString());
    assertEquals(7, files.stream().filter(f -> f.startsWith("labels/")).count());
    long lines = 0;
    for (String file : files) {
      if (file.startsWith("labels/")) {
        lines += Files.readAllLines(save.resolve(file)).size();
      }
    }
    assertTrue(lines > 7);
    assertEquals(lines, files.stream().filter(f -> f.startsWith("crops/")).count());
    // A second run does not take the first one's output for input.
    assertEquals(0, detect("-r", "--json", folder.resolve("x.json"), "--save", save, folder));
    assertEquals(5, paths(folder.resolve("x.json")).size());
  }

  @Test
  void imagesThatAreReadAreNotWrittenOver() throws IOException {
    byte[] before = Files.readAllBytes(in.resolve("a.png"));
    assertEquals(2, detect("--save", in, in));
    assertTrue(err.toString().contains("choose another folder"), err.toString());
    assertArrayEquals(before, Files.readAllBytes(in.resolve("a.png")));
  }

  @Test
  void batchesGiveWhatSingleImagesGive() throws IOException {
    Path one = folder.resolve("one.json");
    Path four = folder.resolve("four.json");
    assertEquals(0, detect("-r", "--json", one, in), err.toString());
    assertEquals(0, detect("-r", "--batch-size", "4", "--json", four, in), err.toString());
    JsonArray a = json(one);
    JsonArray b = json(four);
    assertEquals(a.size(), b.size());
    for (int i = 0; i < a.size(); i++) {
      JsonObject x = a.get(i).getAsJsonObject();
      JsonObject y = b.get(i).getAsJsonObject();
      assertEquals(x.get("path"), y.get("path"));
      assertEquals(x.keySet(), y.keySet());
      assertSameDetections(x.getAsJsonArray("detections"), y.getAsJsonArray("detections"));
    }
  }

  /** A batch sums in another order than a single image: hence the tolerances. */
  private static void assertSameDetections(JsonArray expected, JsonArray actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      JsonObject x = expected.get(i).getAsJsonObject();
      JsonObject y = actual.get(i).getAsJsonObject();
      assertEquals(x.keySet(), y.keySet());
      assertEquals(x.get("class"), y.get("class"));
      assertEquals(x.get("label"), y.get("label"));
      assertEquals(x.get("confidence").getAsFloat(), y.get("confidence").getAsFloat(), 1e-4);
      for (int side = 0; side < 4; side++) {
        assertEquals(
            x.getAsJsonArray("box").get(side).getAsFloat(),
            y.getAsJsonArray("box").get(side).getAsFloat(),
            0.05);
      }
    }
  }

  @Test
  void everyFormatSaysTheSame() throws IOException {
    Path json = folder.resolve("found.json");
    Path csv = folder.resolve("new/found.csv");
    Path coco = folder.resolve("coco.json");
    Path save = folder.resolve("out");
    Path image = in.resolve("000012.jpg");
    Files.copy(IMAGE, image);
    assertEquals(
        0,
        detect(
            "--json",
            json,
            "--csv",
            csv,
            "--coco",
            coco,
            "--save",
            save,
            "--nosave",
            "--save-txt",
            "--save-conf",
            image),
        err.toString());
    JsonObject row = json(json).get(0).getAsJsonObject();
    JsonArray found = row.getAsJsonArray("detections");
    assertFalse(found.isEmpty());
    List<String> table = Files.readAllLines(csv);
    JsonArray results = json(coco);
    List<String> labels = Files.readAllLines(save.resolve("labels/000012.txt"));
    assertEquals(Set.of("labels/000012.txt"), files(save));
    assertEquals("image,class,label,confidence,x1,y1,x2,y2,track,frame", table.get(0));
    for (int i = 0; i < found.size(); i++) {
      JsonObject d = found.get(i).getAsJsonObject();
      JsonArray box = d.getAsJsonArray("box");
      String[] cells = table.get(i + 1).split(",", -1);
      assertEquals(image.toString(), cells[0]);
      assertEquals(d.get("label").getAsString(), cells[2]);
      assertEquals(d.get("confidence").getAsFloat(), Float.parseFloat(cells[3]));
      assertEquals(box.get(2).getAsFloat(), Float.parseFloat(cells[6]));
      JsonObject result = results.get(i).getAsJsonObject();
      assertEquals(12, result.get("image_id").getAsInt());
      assertEquals(d.get("class").getAsInt(), result.get("category_id").getAsInt());
      assertEquals(d.get("confidence").getAsDouble(), result.get("score").getAsDouble(), 6e-6);
      double width = box.get(2).getAsDouble() - box.get(0).getAsDouble();
      assertEquals(width, result.getAsJsonArray("bbox").get(2).getAsDouble(), 6e-4);
      String[] label = labels.get(found.size() - 1 - i).split(" ", -1);
      assertEquals(6, label.length);
      assertEquals(d.get("class").getAsString(), label[0]);
      double rounded = Math.rint(box.get(2).getAsDouble()) - Math.rint(box.get(0).getAsDouble());
      assertEquals(rounded / row.get("width").getAsInt(), Double.parseDouble(label[3]), 1e-6);
      assertEquals(d.get("confidence").getAsDouble(), Double.parseDouble(label[5]), 1e-6);
    }
  }

  /** With the model's names, also those of classes that no image shows. */
  @Test
  void dataSetsHaveAllImagesAndClasses() throws IOException {
    Path set = in.resolve("set");
    Path coco = folder.resolve("data.json");
    Path cvat = folder.resolve("annotations.xml");
    Path tasks = folder.resolve("tasks.json");
    Object[] arguments = {
      "-r",
      "--conf-thres",
      "0.8",
      "--yolo",
      set,
      "--coco-dataset",
      coco,
      "--cvat",
      cvat,
      "--label-studio",
      tasks,
      in
    };
    assertEquals(0, detect(arguments), err.toString());
    // What was written is no input of the next run.
    assertEquals(0, detect(arguments), err.toString());
    assertEquals(
        List.of("RBC", "WBC", "Platelets"), Files.readAllLines(set.resolve("classes.txt")));
    JsonObject data = JsonParser.parseString(Files.readString(coco)).getAsJsonObject();
    assertEquals(3, data.getAsJsonArray("categories").size());
    List<String> names = new ArrayList<>();
    for (JsonElement image : data.getAsJsonArray("images")) {
      names.add("./images/" + image.getAsJsonObject().get("file_name").getAsString());
    }
    List<String> listed = Files.readAllLines(set.resolve("images.txt"));
    assertEquals(5, listed.size());
    assertEquals(5, names.size());
    assertTrue(names.contains("./images/deep/er/c.png"), names.toString());
    int labels = 0;
    for (String each : listed) {
      assertTrue(Files.exists(set.resolve(each)), each);
      String label = each.replace("/images/", "/labels/").replaceFirst("[.][a-z]+$", ".txt");
      labels += Files.readAllLines(set.resolve(label)).size();
    }
    assertEquals(data.getAsJsonArray("annotations").size(), labels);
    assertEquals(5, json(tasks).size());
    assertEquals(labels, Files.readString(cvat).split("<box ", -1).length - 1);
    assertTrue(Files.readString(cvat).contains("<name>Platelets</name>"));
    assertEquals(1, detect("--yolo", coco, in));
    assertTrue(err.toString().contains("data.json: a file of this name is in the way"));
  }

  @Test
  void masksReachEveryFormat() throws IOException {
    Path weights = Shared.path("reference/models/yolov5n_iRMB-seg.pt");
    Path json = folder.resolve("found.json");
    Path coco = folder.resolve("coco.json");
    Path save = folder.resolve("out");
    Object[] common = {
      "--weights", weights, "--conf-thres", "0.01", "--max-det", "5", "--json", json
    };
    for (String mode : List.of("standard", "retina")) {
      assertEquals(
          0,
          detect(
              with(common, "--masks", mode, "--coco", coco, "--save", save, "--save-txt", IMAGE)),
          err.toString());
      JsonObject row = json(json).get(0).getAsJsonObject();
      int on = 0;
      for (JsonElement each : row.getAsJsonArray("detections")) {
        JsonObject mask = each.getAsJsonObject().getAsJsonObject("mask");
        assertEquals(row.get("height"), mask.getAsJsonArray("size").get(0));
        assertEquals(row.get("width"), mask.getAsJsonArray("size").get(1));
        on += each.getAsJsonObject().getAsJsonArray("polygons").size();
      }
      assertTrue(on > 0);
      assertTrue(Files.readString(coco).contains("segmentation"));
      for (String line : Files.readAllLines(save.resolve("labels/blood-cells.txt"))) {
        String[] numbers = line.split(" ", -1);
        assertTrue(numbers.length >= 7 && numbers.length % 2 == 1, line);
        for (int i = 1; i < numbers.length; i++) {
          double share = Double.parseDouble(numbers[i]);
          assertTrue(share >= 0 && share <= 1, line);
        }
      }
    }
    assertEquals(0, detect(with(common, "--masks", "off", IMAGE)));
    assertFalse(Files.readString(json).contains("mask"));
  }

  private static Object[] with(Object[] common, Object... more) {
    return Stream.concat(Stream.of(common), Stream.of(more)).toArray();
  }

  @Test
  void failuresNameTheFileAsItWasGivenAndTheRestIsDone() throws IOException {
    Path broken = in.resolve("broken.png");
    Files.writeString(broken, "not an image");
    Path dangling = Files.createSymbolicLink(in.resolve("link.jpg"), Path.of("nowhere.jpg"));
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "no\0where.jpg\n@list.txt\nmissing\u001b.jpg\n");
    assertEquals(
        1,
        detect("--batch-size", "3", in, "@" + list, in + "/*.tif", in.resolve("a.png") + "/b.jpg"));
    List<String> lines = err.toString().lines().toList();
    for (String words :
        List.of(
            broken + ": ",
            dangling + ": a link to a file",
            "no\\u0000where.jpg: ",
            "*.tif: no image",
            "@list.txt: a list cannot",
            "missing\\u001b.jpg: ",
            in.resolve("a.png") + "/b.jpg: ")) {
      assertEquals(1, lines.stream().filter(l -> l.contains(words)).count(), words + lines);
    }
    assertEquals(7, lines.size(), lines.toString());
    assertFalse(err.toString().contains("unexpected failure"), err.toString());
    assertEquals(3, out.toString().lines().filter(l -> l.endsWith(" found")).count());
  }

  @Test
  void optionsThatNeedOthersSaySo() throws IOException {
    assertEquals(2, detect("--save-txt", in));
    assertEquals(2, detect("--save", folder.resolve("out"), "--save-conf", in));
    assertEquals(2, detect("--batch-size", "0", in));
    assertEquals(2, detect("--masks", "fine", in));
    assertEquals(1, detect(Files.createDirectory(folder.resolve("empty"))));
    assertEquals(2, detect("--weights", "no\0where.pt", in));
    assertEquals(6, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("no\\u0000where.pt: not a valid path"), err.toString());
    assertEquals(5, err.toString().lines().filter(l -> l.contains("--")).count(), err.toString());
  }

  @Test
  void labelsCannotLeadOutOfTheirFolder() {
    assertEquals(".._.._x", CropOutput.folderName("../../x"));
    assertEquals("_", CropOutput.folderName(".."));
    assertEquals("_", CropOutput.folderName(""));
    assertEquals("rote Blutk\u00f6rperchen", CropOutput.folderName("rote Blutk\u00f6rperchen"));
    assertEquals(80, CropOutput.folderName("x".repeat(500)).length());
  }

  @Test
  void writtenTextIsUtf8() throws IOException {
    Path csv = folder.resolve("t.csv");
    assertEquals(0, detect("--csv", csv, in.resolve("a.png")));
    assertTrue(Files.readString(csv, StandardCharsets.UTF_8).startsWith("image,"));
  }

  @Test
  void largeImagesAreCut() throws IOException {
    Path json = folder.resolve("found.json");
    assertEquals(0, detect("--json", json, "--slice", "200x240", "--overlap", "0.3", IMAGE));
    JsonObject row = json(json).get(0).getAsJsonObject();
    Detections expected;
    try (Detector detector =
        Detector.builder().weights(Path.of("models/bccd-yolov5n_iRMB.pt")).batchSize(1).build()) {
      expected =
          detector.detect(
              RgbImage.read(IMAGE),
              DetectOptions.DEFAULTS
                  .withSize(160)
                  .withSlices(Slices.of(200, 240).withOverlap(0.3)));
    }
    assertFalse(expected.isEmpty());
    List<Float> confidences = new ArrayList<>();
    for (JsonElement each : row.getAsJsonArray("detections")) {
      confidences.add(each.getAsJsonObject().get("confidence").getAsFloat());
    }
    assertEquals(expected.stream().map(Detection::confidence).toList(), confidences);
  }

  @Test
  void wrongSlicesNameTheOption() {
    assertEquals(2, detect("--overlap", "0.3", IMAGE));
    assertEquals(2, detect("--slice", "640", "--overlap", "0.9", IMAGE));
    assertEquals(2, detect("--slice", "0", IMAGE));
    assertEquals(2, detect("--slices-only", IMAGE));
    String all = err.toString();
    for (String words :
        List.of(
            "--overlap: requires --slice", "--overlap: expected", "--slice: ", "--slices-only")) {
      assertTrue(all.contains(words), all);
    }
  }

  /** The camera moves over the sample, so every cell goes left and up by four pixels an image. */
  @Test
  void objectsAreFollowedThroughImages() throws IOException {
    Path scene = folder.resolve("scene");
    Files.createDirectories(scene);
    RgbImage whole = RgbImage.read(IMAGE);
    for (int i = 0; i < 8; i++) {
      whole.crop(100 + 4 * i, 60 + 4 * i, 320, 320).write(scene.resolve("frame" + i + ".png"));
    }
    Path json = folder.resolve("found.json");
    Path csv = folder.resolve("found.csv");
    Path save = folder.resolve("out");
    assertEquals(0, detect("--track", "--json", json, "--csv", csv, "--save", save, scene));
    Map<Integer, List<Double>> ways = new TreeMap<>();
    int rows = 0;
    for (int i = 0; i < 8; i++) {
      JsonObject row = json(json).get(i).getAsJsonObject();
      assertEquals("frame" + i + ".png", row.get("image").getAsString());
      for (JsonElement each : row.getAsJsonArray("detections")) {
        JsonArray box = each.getAsJsonObject().getAsJsonArray("box");
        double left = box.get(0).getAsDouble();
        double right = box.get(2).getAsDouble();
        List<Double> way =
            ways.computeIfAbsent(
                each.getAsJsonObject().get("track").getAsInt(), id -> new ArrayList<>());
        if (left > 8 && right < 312) {
          way.add((left + right) / 2 + 4 * i);
        }
        rows++;
      }
    }
    assertTrue(ways.values().stream().anyMatch(way -> way.size() == 8), ways.toString());
    for (List<Double> way : ways.values()) {
      // Boxes of cells that touch waver; the next cell is farther.
      assertTrue(
          way.isEmpty() || Collections.max(way) - Collections.min(way) < 40, ways.toString());
    }
    List<String> lines = Files.readAllLines(csv);
    assertEquals("image,class,label,confidence,x1,y1,x2,y2,track,frame", lines.get(0));
    assertEquals(rows + 1, lines.size());
    assertEquals(8, files(save).size());
    assertEquals(0, detect("--track", scene.resolve("frame0.png")));
    assertTrue(out.toString().contains("  #1 "), out.toString());
  }

  @Test
  void attentionIsToldAndDrawn() throws IOException {
    Path save = folder.resolve("out");
    assertEquals(0, detect("--attention", "18", "--save", save, "--nosave", in), err.toString());
    assertTrue(out.toString().contains("a.png: attention in layer 18 (iRMB): 20 x 20 positions"));
    assertEquals(
        Set.of("attention/a-18.png", "attention/b.bmp-18.png", "attention/b.jpg-18.png"),
        files(save));
    assertEquals(2, detect("--attention", "3", in));
    assertTrue(err.toString().contains("[18, 22, 26]"), err.toString());
  }
}
