package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Shared;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes and masks of a segmentation model have the figures of YOLOv5's segment/val.py. */
@Tag("reference")
class SegmentationTrialTest {
  private static final double TOLERANCE = 1e-3;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(String... options) {
    List<String> args =
        Stream.concat(
                Stream.of(
                    "validate",
                    "--data",
                    folder.resolve("data.yaml").toString(),
                    "--weights",
                    Shared.path("trials/segmentation/bccd-yolov5n-seg.pt").toString(),
                    "--size",
                    "320",
                    "--json",
                    folder.resolve("figures.json").toString()),
                Stream.of(options))
            .toList();
    return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
  }

  /** The first images of the split, or all, with outlines or the boxes around them as labels. */
  private void data(int max, boolean outlines) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Path labels = Files.createDirectories(folder.resolve("labels"));
    Path from = Shared.path(outlines ? "trials/segmentation/labels" : "data/bccd/labels/test");
    try (Stream<Path> files = Files.list(Shared.path("data/bccd/images/test"))) {
      for (Path file : files.sorted().limit(max).toList()) {
        String name = String.valueOf(file.getFileName());
        Files.copy(file, images.resolve(name));
        String label = name.substring(0, name.lastIndexOf('.')) + ".txt";
        Files.copy(from.resolve(label), labels.resolve(label));
      }
    }
    Files.writeString(folder.resolve("data.yaml"), "val: images\nnames: [RBC, WBC, Platelets]\n");
  }

  @Test
  void measuresBoxesAndMasksAsUpstreamDoes() throws IOException {
    data(Integer.MAX_VALUE, true);
    Path coco = folder.resolve("coco.json");
    Path plots = folder.resolve("plots");
    assertEquals(0, run("--coco", coco.toString(), "--plots", plots.toString()), err.toString());
    JsonObject expected =
        Shared.json(Shared.path("trials/segmentation/expected-320.json")).getAsJsonObject();
    JsonObject json = Shared.json(folder.resolve("figures.json")).getAsJsonObject();
    check(expected.getAsJsonObject("box"), json);
    check(expected.getAsJsonObject("mask"), json.getAsJsonObject("masks"));
    JsonObject classes = json.getAsJsonObject("classes");
    for (String kind : List.of("box", "mask")) {
      for (JsonElement each : expected.getAsJsonObject(kind).getAsJsonArray("classes")) {
        JsonObject own = classes.getAsJsonObject(each.getAsJsonObject().get("name").getAsString());
        check(each.getAsJsonObject(), kind.equals("box") ? own : own.getAsJsonObject("masks"));
      }
    }
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).startsWith("Boxes ") && lines.get(7).startsWith("Masks "));
    assertTrue(lines.get(8).contains("0.8807     0.5438     0.5986     0.3352"), lines.get(8));
    for (String name : List.of("PR", "F1", "P", "R")) {
      assertTrue(Files.exists(plots.resolve("Box" + name + "_curve.png")));
      assertTrue(Files.exists(plots.resolve("Mask" + name + "_curve.png")));
    }
    checkMasks(Shared.json(coco).getAsJsonArray());
  }

  private static void check(JsonObject expected, JsonObject found) {
    for (String key : List.of("precision", "recall", "map50", "map")) {
      assertEquals(expected.get(key).getAsDouble(), found.get(key).getAsDouble(), TOLERANCE, key);
    }
  }

  /** Each mask is inside its box, up to the pixel that the resizing adds, and most fill it. */
  private static void checkMasks(JsonArray rows) {
    double filled = 0;
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      // All that are likely, and some of the many that are not: decoding them here takes long.
      if (row.get("score").getAsDouble() < 0.25 && i % 20 != 0) {
        continue;
      }
      JsonObject mask = row.getAsJsonObject("segmentation");
      assertEquals("[480,640]", mask.get("size").toString());
      JsonArray box = row.getAsJsonArray("bbox");
      boolean[] pixels = decode(mask.get("counts").getAsString(), 640 * 480);
      double left = box.get(0).getAsDouble() - 4;
      double top = box.get(1).getAsDouble() - 4;
      double right = left + box.get(2).getAsDouble() + 7;
      double bottom = top + box.get(3).getAsDouble() + 7;
      int area = 0;
      int outside = 0;
      for (int at = 0; at < pixels.length; at++) {
        if (pixels[at]) {
          int x = at / 480;
          int y = at % 480;
          area++;
          outside += x > left && x < right && y > top && y < bottom ? 0 : 1;
        }
      }
      assertEquals(0, outside);
      if (row.get("score").getAsDouble() > 0.5) {
        filled += area / (box.get(2).getAsDouble() * box.get(3).getAsDouble()) > 0.6 ? 1 : -1;
      }
    }
    assertTrue(filled > 100, "masks that fill their boxes: " + filled);
  }

  /** COCO's compressed run lengths: five bits a character, signed, differences from the fourth. */
  private static boolean[] decode(String text, int length) {
    boolean[] pixels = new boolean[length];
    int[] counts = new int[text.length() + 2];
    int n = 0;
    int at = 0;
    for (int i = 0; i < text.length(); ) {
      long value = 0;
      int shift = 0;
      int group;
      do {
        group = text.charAt(i++) - '0';
        value |= (long) (group & 31) << shift;
        shift += 5;
      } while ((group & 32) != 0);
      if ((group & 16) != 0) {
        value |= -1L << shift;
      }
      counts[n] = (int) value + (n > 2 ? counts[n - 2] : 0);
      Arrays.fill(pixels, at, at + counts[n], n % 2 == 1);
      at += counts[n];
      n++;
    }
    assertEquals(length, at);
    return pixels;
  }

  @Test
  void labelsOfBoxesAloneAreAnErrorUnlessBoxesAreAskedFor() throws IOException {
    data(4, false);
    assertEquals(1, run());
    assertTrue(
        err.toString().contains(".txt: expected outlines")
            && err.toString().contains("--boxes-only"),
        err.toString());
    assertEquals(0, run("--boxes-only", "--coco", folder.resolve("coco.json").toString()));
    JsonObject json = Shared.json(folder.resolve("figures.json")).getAsJsonObject();
    assertEquals(4, json.get("images").getAsInt());
    assertFalse(json.has("masks"));
    assertFalse(Files.readString(folder.resolve("coco.json")).contains("segmentation"));
  }
}
