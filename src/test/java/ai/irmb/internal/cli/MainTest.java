package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Shared;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line with the model and image that ship: output, files, exit codes. */
@Tag("engine")
class MainTest {
  private static final String IMAGE = "models/sample/blood-cells.jpg";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void detectPrintsWritesJsonAndDraws() throws IOException {
    Path json = folder.resolve("found.json");
    assertEquals(
        0,
        run(
            "detect",
            "--json",
            json.toString(),
            "--save",
            folder.resolve("drawn").toString(),
            IMAGE),
        err.toString());
    JsonObject row =
        JsonParser.parseString(Files.readString(json, StandardCharsets.UTF_8))
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject();
    assertEquals("blood-cells.jpg", row.get("image").getAsString());
    assertEquals(640, row.get("width").getAsInt());
    assertEquals(256, row.getAsJsonArray("input").get(0).getAsInt());
    assertEquals(15, row.getAsJsonArray("detections").size());
    assertTrue(Files.size(folder.resolve("drawn/blood-cells.jpg")) > 1000);
    assertEquals(0, run("detect", IMAGE));
    assertTrue(out.toString().contains("WBC 0.8"), out.toString());
  }

  @Test
  void versionIsThatOfThePom() throws IOException {
    assertEquals(0, run("--version"));
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    assertEquals("irmb " + version.group(1), out.toString().strip());
  }

  @Test
  void oneBadImageAmongManyIsReportedAndTheRestAreDone() {
    assertEquals(1, run("detect", "LICENSE", IMAGE));
    assertTrue(err.toString().contains("LICENSE"), err.toString());
    assertTrue(out.toString().contains("15 found"), out.toString());
  }

  @Test
  void convertedWeightsDetectTheSame() throws IOException {
    Path weights = folder.resolve("cells.safetensors");
    assertEquals(0, run("convert", "--weights", "models/bccd-yolov5n_iRMB.pt", weights.toString()));
    Path a = folder.resolve("a.json");
    Path b = folder.resolve("b.json");
    assertEquals(0, run("detect", "--json", a.toString(), IMAGE));
    assertEquals(0, run("detect", "--weights", weights.toString(), "--json", b.toString(), IMAGE));
    assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
  }

  @Test
  void summaryPrintsParametersAndFlops() {
    assertEquals(0, run("summary", "--config", "yolov5_iRMB.yaml"));
    assertTrue(out.toString().contains("84787133 parameters, 210.0 GFLOPs"), out.toString());
  }

  @Test
  void compareNamesTheFirstTensorThatDiffers() {
    Path models = Shared.path("reference/models");
    String weights = models.resolve("hub-yolov5n.pt").toString();
    String right = models.resolve("hub-yolov5n.npz").toString();
    String wrong = models.resolve("hub-yolov5-bifpn.npz").toString();
    assertEquals(0, run("compare", "--weights", weights, "--reference", right), err.toString());
    assertEquals(1, run("compare", "--weights", weights, "--reference", wrong));
    assertTrue(
        out.toString().contains("first difference above the tolerance: layer00"), out.toString());
  }

  @Test
  void badUseIsCodeTwoAndOneSentence() {
    assertEquals(2, run("detect", "--conf-thres", "2", IMAGE));
    assertEquals(2, run("detect", "--classes", "7", IMAGE));
    assertEquals(2, run("detect", "--size", "big", IMAGE));
    assertEquals(2, run("detect"));
    assertEquals(2, run("summary"));
    assertEquals(5, err.toString().lines().count(), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }

  @Test
  void failuresAreCodeOne() {
    assertEquals(1, run("detect", "--weights", "nowhere.pt", IMAGE));
    assertEquals(1, run("summary", "--config", "nowhere.yaml"));
    assertEquals(1, run("detect", "nowhere.jpg"));
    assertEquals(3, err.toString().lines().count(), err.toString());
  }
}
