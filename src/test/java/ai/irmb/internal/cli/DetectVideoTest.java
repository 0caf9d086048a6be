package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import ai.irmb.video.FrameReader;
import ai.irmb.video.FrameWriter;
import ai.irmb.video.Video;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detects in a video that is made of the sample image (profile video). */
@Tag("engine")
class DetectVideoTest {
  private static final int FRAMES = 7;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private Path video() throws IOException {
    Assumptions.assumeTrue(
        System.getProperty("irmb.video", "").equals("compile"), "needs profile video");
    RgbImage image = RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
    Path video = folder.resolve("cells.mp4");
    try (FrameWriter writer = Video.create(video, 320, 240, 10)) {
      for (int i = 0; i < FRAMES; i++) {
        writer.add(image.crop(10 * i, 10 * i, 320, 240));
      }
      writer.finish();
    }
    return video;
  }

  @Test
  void everyImageIsDetectedAndDrawn() throws IOException {
    Path video = video();
    Path json = folder.resolve("found.json");
    Path save = folder.resolve("out");
    assertEquals(
        0,
        run(
            "detect",
            "--batch-size",
            "3",
            "--json",
            json.toString(),
            "--save",
            save.toString(),
            "--save-txt",
            video.toString()),
        err.toString());
    JsonArray rows = JsonParser.parseString(Files.readString(json)).getAsJsonArray();
    assertEquals(FRAMES, rows.size());
    int number = 1;
    for (JsonElement each : rows) {
      JsonObject row = each.getAsJsonObject();
      assertEquals(number, row.get("frame").getAsInt());
      assertEquals("cells.mp4", row.get("image").getAsString());
      assertFalse(row.getAsJsonArray("detections").isEmpty());
      assertTrue(Files.exists(save.resolve("labels/cells_" + number + ".txt")));
      number++;
    }
    try (FrameReader reader = Video.open(save.resolve("cells.mp4"), "drawn", Limits.DEFAULTS)) {
      assertEquals(FRAMES, reader.frameCount());
      assertEquals(10, reader.frameRate(), 0.01);
      RgbImage frame = reader.next();
      assertNotNull(frame);
      assertEquals(320, frame.width());
    }
    assertTrue(err.toString().contains("7 frames, "), err.toString());
    assertTrue(err.toString().contains(" per second"), err.toString());
  }

  @Test
  void framesAreLimitedAndTheVideoIsNotWrittenOver() throws IOException {
    Path video = video();
    assertEquals(0, run("detect", "--frames", "2", video.toString()), err.toString());
    assertEquals(2, out.toString().lines().filter(l -> l.endsWith(" found")).count());
    assertTrue(out.toString().contains("cells.mp4 2: "), out.toString());
    byte[] before = Files.readAllBytes(video);
    assertEquals(2, run("detect", "--save", folder.toString(), video.toString()));
    assertTrue(err.toString().contains("choose another folder"), err.toString());
    assertEquals(before.length, Files.size(video));
  }
}
