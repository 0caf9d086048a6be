package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Shared;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Odd data sets have the figures of YOLOv5's val.py, measured with a published checkpoint. */
@Tag("reference")
class DatasetTrialsTest {
  private static final double TOLERANCE = 1e-3;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(Path yaml, String... options) {
    List<String> args =
        Stream.concat(
                Stream.of(
                    "validate",
                    "--data",
                    yaml.toString(),
                    "--weights",
                    Shared.path("data/checkpoints/yolov5n-coco.pt").toString(),
                    "--size",
                    "640",
                    "--batch-size",
                    "6",
                    "--json",
                    folder.resolve("figures.json").toString()),
                Stream.of(options))
            .toList();
    return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> copyOne(file, to.resolve(from.relativize(file).toString())));
    }
  }

  private static void copyOne(Path file, Path target) {
    try {
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data(String trial) throws IOException {
    copy(Shared.path("trials/datasets/base"), folder);
    copy(Shared.path("trials/datasets/" + trial), folder);
    return folder.resolve("data.yaml");
  }

  private void check(int images, int labels, double... figures) {
    JsonObject json = Shared.json(folder.resolve("figures.json")).getAsJsonObject();
    assertEquals(images, json.get("images").getAsInt());
    assertEquals(6 - images, json.get("left_out").getAsInt());
    assertEquals(labels, json.get("labels").getAsInt());
    List<String> keys = List.of("precision", "recall", "map50", "map");
    for (int i = 0; i < figures.length; i++) {
      assertEquals(figures[i], json.get(keys.get(i)).getAsDouble(), TOLERANCE, keys.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"base", "gbk", "label_bom", "txt_bom_crlf"})
  void readsWhatEditorsWrite(String trial) throws IOException {
    assertEquals(0, run(data(trial)), err.toString());
    check(6, 16, 0.932, 0.955, 0.995, 0.955);
    assertEquals("", err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "negative, bus.txt:6, 11, 0.882, 0.964, 0.968",
    "over1, bus.txt:6, 11, 0.882, 0.964, 0.968",
    "label_conf_column, astronaut.txt:1, 15, 0.932, 0.969, 0.955"
  })
  void leavesOutTheImageOfAMalformedRow(
      String trial, String place, int labels, double precision, double recall, double map)
      throws IOException {
    Path yaml = data(trial);
    assertEquals(0, run(yaml), err.toString());
    check(5, labels, precision, recall, 0.995, map);
    List<String> lines = err.toString().lines().toList();
    assertEquals(2, lines.size(), err.toString());
    assertTrue(
        lines.get(0).startsWith("left out: ") && lines.get(0).contains(place + ": expected"));
    assertEquals("left out: 1 of 6 images; --strict stops instead", lines.get(1));
    assertEquals(1, run(yaml, "--strict"));
    assertTrue(err.toString().lines().toList().get(2).contains(place + ": expected"));
  }

  /** YOLOv5's tutorial: yolov5/data/coco128.yaml, and datasets/coco128 beside yolov5. */
  @Test
  void findsTheDataOfTheTutorial() throws IOException {
    copy(Shared.path("trials/datasets/base"), folder.resolve("datasets/coco128"));
    String base = Files.readString(Shared.path("trials/datasets/base/data.yaml"));
    Path yaml = Files.createDirectories(folder.resolve("yolov5/data")).resolve("coco128.yaml");
    Files.writeString(yaml, base.replace("path: .", "path: ../datasets/coco128  # root"));
    assertEquals(0, run(yaml), err.toString());
    check(6, 16, 0.932, 0.955, 0.995, 0.955);
  }

  /** A byte order mark, a comment in Latin-1 and a class count that disagrees. */
  @Test
  void readsAYamlOfManyEditors() throws IOException {
    Path yaml = data("base");
    String text = "\u00ef\u00bb\u00bf# caf\u00e9\r\nnc: 3\r\n" + Files.readString(yaml);
    Files.write(yaml, text.getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(0, run(yaml), err.toString());
    check(6, 16, 0.932, 0.955, 0.995, 0.955);
    assertTrue(err.toString().startsWith("warning: "), err.toString());
    assertTrue(err.toString().contains("data.yaml:2:5: nc: expected 80"), err.toString());
  }
}
