package ai.irmb.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import ai.irmb.WriteOptions;
import ai.irmb.image.RgbImage;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Files of many images, read back by independent parsers. */
@Tag("fast")
class TextFormatTest {
  @TempDir private Path folder = Path.of("");

  private static final Detection CELL = new Detection(0, "R<B>\"C", 0.5f, new Box(10, 20, 30, 60));

  /** A square of 3 x 3 pixels around a hole, from (1, 2), in an image of 8 x 6. */
  private static final Mask RING = Mask.of(8, 6, new int[] {8, 3, 3, 1, 1, 1, 3, 3, 25});

  /** Two pixels beside each other, at (1, 2) and (2, 2). */
  private static final Mask PAIR = Mask.of(8, 6, new int[] {8, 1, 5, 1, 33});

  private static Detections of(Detection... all) {
    return new Detections(100, 80, 64, 96, List.of(all));
  }

  private static Detections masked(Mask mask) {
    Detection d = new Detection(1, "WBC", 0.75f, new Box(1, 2, 4, 5), mask, 6);
    return new Detections(8, 6, 64, 96, List.of(d));
  }

  private static String text(TextFormat format, WriteOptions options, Detections... images)
      throws IOException {
    StringWriter out = new StringWriter();
    DetectionWriter writer = format.create(out, options);
    for (int i = 0; i < images.length; i++) {
      writer.add(Path.of("photos", "000" + i + ".jpg"), images[i]);
    }
    writer.finish();
    return out.toString();
  }

  private static String text(TextFormat format, Detections... images) throws IOException {
    return text(format, WriteOptions.DEFAULTS, images);
  }

  @Test
  void jsonNamesTheImageThenItsDetections() throws IOException {
    JsonArray list = JsonParser.parseString(text(TextFormat.JSON, of(CELL), of())).getAsJsonArray();
    assertEquals(2, list.size());
    JsonObject first = list.get(0).getAsJsonObject();
    assertEquals("0000.jpg", first.remove("image").getAsString());
    assertEquals(Path.of("photos", "0000.jpg").toString(), first.remove("path").getAsString());
    assertEquals(JsonParser.parseString(of(CELL).toJson()), first);
    assertEquals(JsonParser.parseString("[]"), JsonParser.parseString(text(TextFormat.JSON)));
  }

  @Test
  void ndjsonHasOneLineAnImageAndFlushesIt() throws IOException {
    List<String> flushed = new ArrayList<>();
    StringWriter out =
        new StringWriter() {
          @Override
          public void flush() {
            flushed.add(toString());
          }
        };
    DetectionWriter writer = TextFormat.NDJSON.create(out);
    writer.add(new ImageEntry("clip.mp4", "in/clip.mp4", "clip_1", 1), of(CELL));
    writer.add(new ImageEntry("clip.mp4", "in/clip.mp4", "clip_2", 2), of());
    List<String> lines = out.toString().lines().toList();
    assertEquals(List.of(lines.get(0) + "\n", lines.get(0) + "\n" + lines.get(1) + "\n"), flushed);
    for (int i = 0; i < 2; i++) {
      assertEquals(
          i + 1, JsonParser.parseString(lines.get(i)).getAsJsonObject().get("frame").getAsInt());
    }
    assertEquals("", text(TextFormat.NDJSON));
  }

  @Test
  void csvHasPathAndFrame() throws IOException {
    StringWriter out = new StringWriter();
    DetectionWriter writer = TextFormat.CSV.create(out);
    writer.add(new ImageEntry("clip.mp4", "=clip.mp4", "clip_7", 7), of(CELL.withTrackId(3)));
    writer.add(new ImageEntry("a.jpg", "a.jpg", "a", 0), of(CELL));
    writer.finish();
    assertEquals(
        """
        image,class,label,confidence,x1,y1,x2,y2,track,frame
        '=clip.mp4,0,"R<B>""C",0.5,10.0,20.0,30.0,60.0,3,7
        a.jpg,0,"R<B>""C",0.5,10.0,20.0,30.0,60.0,,
        """
            .replace("\n", "\r\n"),
        out.toString());
  }

  @Test
  void cocoResultsOfImagesAreOneList() throws IOException {
    JsonArray list =
        JsonParser.parseString(text(TextFormat.COCO_RESULTS, of(CELL, CELL), of(), of(CELL)))
            .getAsJsonArray();
    assertEquals(
        List.of(0, 0, 2),
        list.asList().stream().map(e -> e.getAsJsonObject().get("image_id").getAsInt()).toList());
    StringWriter out = new StringWriter();
    TextFormat.COCO_RESULTS
        .create(out)
        .add(new ImageEntry("a.jpg", "in/b/a.jpg", "b/a", 0), of(CELL));
    assertTrue(out.toString().contains("\"image_id\":\"b/a\""), out.toString());
  }

  @Test
  void cocoDatasetRefersToItsImagesAndCategories() throws IOException {
    WriteOptions options = WriteOptions.DEFAULTS.withNames(Map.of(2, "Platelets", 0, "RBC"));
    JsonObject data =
        JsonParser.parseString(
                text(TextFormat.COCO_DATASET, options, of(CELL, CELL), of(), masked(RING)))
            .getAsJsonObject();
    JsonArray images = data.getAsJsonArray("images");
    assertEquals(3, images.size());
    assertEquals("{\"id\":3", images.get(2).toString().substring(0, 7));
    assertEquals("0002.jpg", images.get(2).getAsJsonObject().get("file_name").getAsString());
    assertEquals(8, images.get(2).getAsJsonObject().get("width").getAsInt());
    assertEquals(
        "[{\"id\":1,\"name\":\"RBC\",\"supercategory\":\"\"},"
            + "{\"id\":2,\"name\":\"WBC\",\"supercategory\":\"\"},"
            + "{\"id\":3,\"name\":\"Platelets\",\"supercategory\":\"\"}]",
        data.getAsJsonArray("categories").toString());
    JsonArray annotations = data.getAsJsonArray("annotations");
    assertEquals(
        "{\"id\":1,\"image_id\":1,\"category_id\":1,\"bbox\":[10.0,20.0,20.0,40.0],"
            + "\"area\":800.0,\"iscrowd\":0,\"segmentation\":[],\"score\":0.5}",
        annotations.get(0).toString());
    JsonObject ring = annotations.get(2).getAsJsonObject();
    assertEquals(3, ring.get("id").getAsInt());
    assertEquals(3, ring.get("image_id").getAsInt());
    assertEquals(2, ring.get("category_id").getAsInt());
    assertEquals(8, ring.get("area").getAsInt());
    assertEquals(6, ring.get("track_id").getAsInt());
    assertEquals(
        RING.toCocoRle(),
        ring.getAsJsonObject("segmentation").get("counts").getAsString(),
        "polygons cannot have holes");
  }

  @Test
  void cocoDatasetHasPolygonsWithoutHoles() throws IOException {
    JsonObject data =
        JsonParser.parseString(text(TextFormat.COCO_DATASET, masked(PAIR))).getAsJsonObject();
    JsonObject pair = data.getAsJsonArray("annotations").get(0).getAsJsonObject();
    assertEquals("[[3,2,3,3,1,3,1,2]]", pair.get("segmentation").toString());
    assertEquals(2, pair.get("area").getAsInt());
  }

  @Test
  void labelStudioHasPercentages() throws IOException {
    JsonArray tasks =
        JsonParser.parseString(text(TextFormat.LABEL_STUDIO, of(CELL), masked(RING), of()))
            .getAsJsonArray();
    assertEquals(3, tasks.size());
    JsonObject task = tasks.get(0).getAsJsonObject();
    assertEquals(
        Path.of("photos", "0000.jpg").toString(),
        task.getAsJsonObject("data").get("image").getAsString());
    JsonObject region = region(task);
    assertEquals("label", region.get("from_name").getAsString());
    assertEquals("rectanglelabels", region.get("type").getAsString());
    assertEquals(100, region.get("original_width").getAsInt());
    assertEquals(
        "{\"x\":10.0,\"y\":25.0,\"width\":20.0,\"height\":50.0,\"rotation\":0,"
            + "\"rectanglelabels\":[\"R<B>\\\"C\"]}",
        region.get("value").toString());
    JsonObject polygon = region(tasks.get(1).getAsJsonObject());
    assertEquals("polygonlabels", polygon.get("type").getAsString());
    assertEquals("polygon", polygon.get("from_name").getAsString());
    JsonArray points = polygon.getAsJsonObject("value").getAsJsonArray("points");
    assertEquals(4, points.size());
    assertEquals(50.0, points.get(0).getAsJsonArray().get(0).getAsDouble());
  }

  private static JsonObject region(JsonObject task) {
    JsonArray result =
        task.getAsJsonArray("predictions").get(0).getAsJsonObject().getAsJsonArray("result");
    assertEquals(1, result.size());
    return result.get(0).getAsJsonObject();
  }

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void cvatHasBoxesAndMasks() throws Exception {
    WriteOptions options = WriteOptions.DEFAULTS.withNames(Map.of(0, "R<B>\"C", 1, "W\u0007BC"));
    Document document = xml(text(TextFormat.CVAT, options, of(CELL), masked(RING)));
    assertEquals("R<B>\"C", document.getElementsByTagName("name").item(0).getTextContent());
    assertEquals("W\\u0007BC", document.getElementsByTagName("name").item(1).getTextContent());
    Element box = (Element) document.getElementsByTagName("box").item(0);
    assertEquals("R<B>\"C", box.getAttribute("label"));
    assertEquals("60.0", box.getAttribute("ybr"));
    Element image = (Element) document.getElementsByTagName("image").item(1);
    assertEquals("1", image.getAttribute("id"));
    assertEquals("0001.jpg", image.getAttribute("name"));
    assertEquals("8", image.getAttribute("width"));
    Element mask = (Element) image.getElementsByTagName("mask").item(0);
    assertEquals("0, 4, 1, 4", mask.getAttribute("rle"));
    assertEquals("1", mask.getAttribute("left"));
    assertEquals("2", mask.getAttribute("top"));
    assertEquals("3", mask.getAttribute("width"));
    assertEquals("3", mask.getAttribute("height"));
    assertEquals(0, xml(text(TextFormat.CVAT)).getElementsByTagName("image").getLength());
  }

  @ParameterizedTest
  @EnumSource(TextFormat.class)
  void fileAppearsWhenItIsComplete(TextFormat format) throws IOException {
    Path file = folder.resolve("new/found");
    try (DetectionWriter writer = format.create(file)) {
      writer.add(Path.of("photos", "0000.jpg"), of(CELL));
      assertFalse(Files.exists(file));
    }
    assertFalse(Files.exists(file), "not finished");
    try (DetectionWriter writer = format.create(file)) {
      writer.add(Path.of("photos", "0000.jpg"), of(CELL));
      writer.finish();
    }
    assertEquals(text(format, of(CELL)), Files.readString(file));
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void relativePathIsThatOfTheDataset() {
    assertEquals(
        "deep/a.JPG", new ImageEntry("a.JPG", "/in/deep/a.JPG", "deep/a", 0).relativePath());
    assertEquals("a.bmp", new ImageEntry("a.bmp", "a.bmp", "a.bmp", 0).relativePath());
    assertEquals("a-2.png", new ImageEntry("a.png", "b/a.png", "a-2", 0).relativePath());
    assertEquals("clip_7.png", new ImageEntry("clip.mp4", "clip.mp4", "clip_7", 7).relativePath());
    assertEquals("a.jpg.jpg", ImageEntry.of(Path.of("a.jpg.jpg")).relativePath());
    assertEquals("raw", ImageEntry.of(Path.of("in", "raw")).relativePath());
  }

  @Test
  void yoloFolderIsADataset() throws IOException {
    Path photo = Files.write(folder.resolve("a.JPG"), new byte[] {1, 2, 3});
    Path target = folder.resolve("set");
    WriteOptions options = WriteOptions.DEFAULTS.withNames(Map.of(0, "RBC", 3, "a: \"b\""));
    try (YoloFolder writer = YoloFolder.create(target, options)) {
      writer.add(photo, of(CELL));
      ImageEntry frame = new ImageEntry("clip.mp4", "clip.mp4", "deep/clip_1", 1);
      writer.add(frame, RgbImage.of(2, 1, new byte[6]), of());
      writer.add(new ImageEntry("a.bmp", photo.toString(), "a.bmp", 0), of());
      Path missing = folder.resolve("b.jpg");
      assertThrows(NoSuchFileException.class, () -> writer.add(missing, of()));
      writer.finish();
    }
    assertEquals(3, Files.size(target.resolve("images/a.JPG")));
    assertEquals("0 0.2 0.5 0.2 0.5\n", Files.readString(target.resolve("labels/a.txt")));
    assertEquals("", Files.readString(target.resolve("labels/deep/clip_1.txt")));
    assertEquals(
        List.of("./images/a.JPG", "./images/deep/clip_1.png", "./images/a-2.bmp"),
        Files.readAllLines(target.resolve("images.txt")));
    assertEquals(
        List.of("RBC", "1", "2", "a: \"b\""), Files.readAllLines(target.resolve("classes.txt")));
    assertTrue(Files.readString(target.resolve("data.yaml")).contains("\n  3: \"a: \\\"b\\\"\"\n"));
    assertEquals(2, RgbImage.read(target.resolve("images/deep/clip_1.png")).width());
    assertEquals(
        "", Files.readString(target.resolve("labels/a-2.txt")), "upstream drops the ending");
  }
}
