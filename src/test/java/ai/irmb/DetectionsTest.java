package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detections as text, each format against a definition of its own. */
@Tag("fast")
class DetectionsTest {
  private static final Box BOX = new Box(10.1f, 20, 40.5f, 60);

  /** Two rows of two pixels, set in columns 1 and 2, in an image of 4 x 3. */
  private static final Mask MASK = Mask.of(4, 3, new int[] {3, 2, 1, 2, 4});

  private static Detection d(int classId, String label) {
    return new Detection(classId, label, 0.25f, BOX);
  }

  private static Detections of(Detection... all) {
    return new Detections(100, 80, 64, 96, List.of(all));
  }

  @Test
  void filterKeepsWhatIsAskedFor() {
    Detections all = new Detections(100, 80, 64, 96, List.of(d(0, "a"), d(1, "b")), true);
    Detections some = all.filter(d -> d.classId() == 1);
    assertEquals(List.of(d(1, "b")), some.list());
    assertTrue(some.truncated());
    assertEquals(100, some.width());
    assertEquals(96, some.inputHeight());
  }

  @Test
  void countsAreInTheOrderOfClasses() {
    Detections all = of(d(5, "bus"), d(0, "person"), d(2, "car"), d(0, "person"), d(7, "car"));
    assertEquals(
        List.of(Map.entry("person", 2), Map.entry("car", 2), Map.entry("bus", 1)),
        List.copyOf(all.counts().entrySet()));
    assertThrows(UnsupportedOperationException.class, () -> all.counts().clear());
    assertEquals("2 persons, 2 cars, 1 bus", all.summary());
    assertEquals("no detections", of().summary());
  }

  @ParameterizedTest
  @CsvSource({
    "person, persons",
    "bus, buses",
    "wine glass, wine glasses",
    "bench, benches",
    "toothbrush, toothbrushes",
    "box, boxes",
    "knife, knives",
    "computer mouse, computer mice",
    "sheep, sheep",
    "baby, babies",
    "boy, boys",
    "scissors, scissors",
    "Platelets, Platelets",
    "RBC, RBCs",
    "TV, TVs",
    "class 7, class 7",
    "人, 人",
    "'', ''"
  })
  void summaryHasEnglishPlurals(String one, String many) {
    assertEquals("1 " + one, of(d(3, one)).summary());
    assertEquals("2 " + many, of(d(3, one), d(3, one)).summary());
  }

  @Test
  void jsonIsComplete() {
    Detection plain = d(2, "a \"b\"\n");
    Detection full = new Detection(0, "cell", 0.1f, BOX, MASK, 7);
    Detections all = new Detections(4, 3, 64, 96, List.of(plain, full), true);
    assertEquals(
        "{\"width\":4,\"height\":3,\"input\":[96,64],\"detections\":["
            + "{\"class\":2,\"label\":\"a \\\"b\\\"\\n\",\"confidence\":0.25,"
            + "\"box\":[10.1,20.0,40.5,60.0]},"
            + "{\"track\":7,\"class\":0,\"label\":\"cell\",\"confidence\":0.1,"
            + "\"box\":[10.1,20.0,40.5,60.0],"
            + "\"mask\":{\"size\":[3,4],\"counts\":\""
            + MASK.toCocoRle()
            + "\"},\"polygons\":[[3,0,3,2,1,2,1,0]]}],\"truncated\":true}",
        all.toJson());
    assertEquals(
        JsonParser.parseString(all.toJson()).getAsJsonObject().getAsJsonArray("detections").get(1),
        JsonParser.parseString(full.toJson()));
    JsonArray centers =
        JsonParser.parseString(full.toJson(WriteOptions.DEFAULTS.withPolygons(PolygonMode.CENTERS)))
            .getAsJsonObject()
            .getAsJsonArray("polygons");
    assertEquals("[[2,0,2,1,1,1,1,0]]", centers.toString());
    assertFalse(of().toJson().contains("truncated"));
    assertEquals(
        of(plain).toJson(), of(plain).withTimings(new Timings(1, 2, 3, 4)).toJson(), "no times");
  }

  @Test
  void jsonHasNoInfinity() {
    Detections wrong = of(new Detection(0, "a", 1, new Box(0, 0, Float.POSITIVE_INFINITY, 1)));
    assertThrows(IllegalArgumentException.class, wrong::toJson);
  }

  @Test
  void csvHasOneRowPerDetection() {
    assertEquals(
        """
        class,label,confidence,x1,y1,x2,y2,track
        2,'=1+1,0.25,10.1,20.0,40.5,60.0,
        3,"a,""b",0.25,10.1,20.0,40.5,60.0,9
        """
            .replace("\n", "\r\n"),
        of(d(2, "=1+1"), d(3, "a,\"b").withTrackId(9)).toCsv());
  }

  @Test
  void cocoResultsAreRoundedAsUpstreamDoes() {
    Detection d = new Detection(11, "stop sign", 0.123456f, new Box(1.23456f, 2, 4, 8.00049f));
    assertEquals(
        "[{\"image_id\":139,\"category_id\":11,\"bbox\":[1.235,2.0,2.765,6.0],\"score\":0.12346}]",
        of(d).toCocoResults("000000000139"));
    assertTrue(d.toCocoResult("a1").contains("\"image_id\":\"a1\""));
    Detections masked = of(new Detection(0, "cell", 0.5f, BOX, MASK));
    JsonObject mask =
        JsonParser.parseString(masked.toCocoResults("a"))
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("segmentation");
    assertEquals(MASK.toCocoRle(), mask.get("counts").getAsString());
    assertEquals("[3,4]", mask.get("size").toString());
  }

  /** The ids of COCO's annotation files: 80 of 1 to 90. */
  @ParameterizedTest
  @CsvSource({"0, 1", "10, 11", "11, 13", "79, 90"})
  void cocosOwnCategoriesHaveGaps(int classId, int category) {
    WriteOptions coco = WriteOptions.DEFAULTS.withCocoCategories(true);
    assertTrue(
        d(classId, "any").toCocoResult("a", coco).contains("\"category_id\":" + category + ","));
  }

  @Test
  void yoloLabelsAreRelativeAndTheBestIsLast() {
    Detection best = new Detection(1, "b", 0.9f, new Box(0, 0, 50, 40));
    assertEquals("0 0.25 0.5 0.3 0.5\n1 0.25 0.25 0.5 0.5\n", of(best, d(0, "a")).toYoloLabels());
    WriteOptions options = WriteOptions.DEFAULTS.withLabelConfidence(true);
    assertEquals("1 0.25 0.25 0.5 0.5 0.9", best.toYoloLabel(100, 80, options));
    Detection masked = new Detection(4, "m", 0.5f, BOX, MASK);
    assertEquals("4 0.75 0 0.75 0.666667 0.25 0.666667 0.25 0", masked.toYoloLabel(4, 3));
    Detection empty = new Detection(4, "m", 0.5f, BOX, Mask.of(4, 3, new int[] {12}));
    assertEquals("", empty.toYoloLabel(4, 3));
    assertEquals("", of(empty).toYoloLabels());
  }
}
