package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.validate.ValidateOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class DatasetTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  @TempDir Path folder;

  /** Two images below images/a, the first with these labels, and a list of the second. */
  private Path data(String yaml, String labels) throws IOException {
    Files.createDirectories(folder.resolve("images/a"));
    Files.createDirectories(folder.resolve("labels/a"));
    Files.copy(IMAGE, folder.resolve("images/a/1.jpg"));
    Files.copy(IMAGE, folder.resolve("images/a/2.jpg"));
    Files.writeString(folder.resolve("labels/a/1.txt"), labels);
    Files.writeString(folder.resolve("list.txt"), "./images/a/2.jpg\n\nimages/a/notes.txt\n");
    return Files.writeString(folder.resolve("data.yaml"), yaml);
  }

  private static Dataset read(Path yaml, @Nullable String split) {
    return Dataset.read(yaml, ValidateOptions.DEFAULTS.withSplit(split), false, Limits.DEFAULTS);
  }

  /** The only warning or reason of a split. */
  private static String leftOut(Path yaml, String split) {
    Dataset data = read(yaml, split);
    assertEquals(1, data.leftOut().size(), data.toString());
    assertEquals(List.of(), data.warnings());
    return data.leftOut().get(0).reason();
  }

  private static String refused(Path yaml, String split) {
    DatasetException e = assertThrows(DatasetException.class, () -> read(yaml, split));
    return String.valueOf(e.getMessage());
  }

  @Test
  void readsBoxesBackgroundsAndLists() throws IOException {
    Path yaml =
        data(
            "path: .\ntest: images\nval: [list.txt]\nnames: [x, y]\n",
            """
            0 0.5 0.5 0.2 0.1
            0 0.5 0.5 0.2 0.1
            0 0.5 0.5 0.2 0.1000000001

            1 .1 1e-1 1 0.2
            """);
    List<LabeledImage> all = read(yaml, "test").images();
    assertEquals(2, all.size());
    assertEquals(
        List.of(
            new LabeledImage.Label(0, 0.5f, 0.5f, 0.2f, 0.1f),
            new LabeledImage.Label(1, 0.1f, 0.1f, 1f, 0.2f)),
        all.get(0).labels(),
        "rows that are equal in single precision count once");
    assertEquals(List.of(), all.get(1).labels());
    List<LabeledImage> listed = read(yaml, "val").images();
    assertEquals(1, listed.size());
    assertTrue(listed.get(0).file().endsWith("images/a/2.jpg"));
  }

  @Test
  void takesTheBoundingBoxOfAnOutlineThatLeavesTheImage() throws IOException {
    Path yaml =
        data("test: images\nnames: [x, y]\n", "1 0.1 0.2 0.3 0.2 0.3 0.6\n0 -0.01 0 0.5 0 0.5 1");
    List<LabeledImage.Label> labels = read(yaml, "test").images().get(0).labels();
    LabeledImage.Label first = labels.get(0);
    assertEquals(1, first.classId());
    assertEquals(0.2, first.x(), 1e-6);
    assertEquals(0.4, first.y(), 1e-6);
    assertEquals(0.2, first.width(), 1e-6);
    assertEquals(0.4, first.height(), 1e-6);
    assertEquals(0.51, labels.get(1).width(), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "0 0.5 0.5 0.2, found 4 values",
    "0 0.5 0.5 0.2 0.1 0.3, found 6 values",
    "2 0.5 0.5 0.2 0.1, expected a class from 0 to 1",
    "-1 0.5 0.5 0.2 0.1, expected a class from 0 to 1",
    "0.5 0.5 0.5 0.2 0.1, expected a class from 0 to 1",
    "0 1.5 0.5 0.2 0.1, from 0 to 1",
    "0 0.5 0.5 -0.2 0.1, from 0 to 1",
    "0 NaN 0.5 0.2 0.1, expected a number",
    "0 0x1p-1 0.5 0.2 0.1, expected a number",
    "0 0.5f 0.5 0.2 0.1, expected a number",
    "0 x 0.5 0.2 0.1, expected a number",
    "0, found 1 values",
    "0 .1 .2 .3 .2 .3 .6 .5, found 8 values",
    "0 .1 .2 .3 .2 2.3 .6, from 0 to 1",
    "2 .1 .2 .3 .2 .3 .6, expected a class from 0 to 1",
  })
  void aMalformedRowLeavesItsImageOut(String row, String words) throws IOException {
    Path yaml = data("path: .\ntest: images\nnames: {0: x, 1: y}\n", "0 0 0 1 1\n" + row);
    Dataset data = read(yaml, "test");
    assertEquals(List.of("2.jpg"), fileNames(data));
    String message = leftOut(yaml, "test");
    assertTrue(message.contains("1.txt:2: "), message);
    assertTrue(message.contains(words), message);
    ValidateOptions strict = ValidateOptions.DEFAULTS.withSplit("test").withStrict(true);
    DatasetException e =
        assertThrows(
            DatasetException.class, () -> Dataset.read(yaml, strict, false, Limits.DEFAULTS));
    assertEquals(message, e.getMessage());
  }

  private static List<String> fileNames(Dataset data) {
    return data.images().stream().map(image -> String.valueOf(image.file().getFileName())).toList();
  }

  /** One row of more than six values makes all rows of the file outlines, as YOLOv5 reads them. */
  @Test
  void readsABoxAmongOutlinesAsAnOutlineOfTwoPoints() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "0 .5 .5 .2 .1\n0 .1 .2 .3 .2 .3 .6\n");
    Dataset data = read(yaml, "test");
    LabeledImage.Label first = data.images().get(0).labels().get(0);
    assertEquals(0.35, first.x(), 1e-6);
    assertEquals(0.3, first.y(), 1e-6);
    assertEquals(0.3, first.width(), 1e-6);
    assertEquals(0.4, first.height(), 1e-6);
    assertEquals(1, data.warnings().size());
    assertTrue(data.warnings().get(0).contains("1.txt: rows with four values"));
    Path labels = folder.resolve("labels/a/1.txt");
    Files.writeString(labels, "0 .1 .2 .3 .2 .3 .6\n0 .5 .5 .2 .1 .9\n");
    assertTrue(leftOut(yaml, "test").contains("1.txt:2: "), "an odd number of coordinates");
  }

  @Test
  void warnsOfRepeatedRowsAndOfACountThatDisagrees() throws IOException {
    Path yaml = data("test: images\nnames: [x]\nnc: 2\n", "0 .5 .5 .2 .1\n0 0.5 0.5 0.2 0.1\n");
    List<String> warnings = read(yaml, "test").warnings();
    assertEquals(2, warnings.size(), warnings.toString());
    assertTrue(
        warnings
            .get(0)
            .endsWith(
                "data.yaml:3:5: nc: expected 1, the number of names, found number 2; the names"
                    + " count"),
        warnings.get(0));
    assertTrue(warnings.get(1).endsWith("1.txt: rows that repeat another count once: 1"));
    assertEquals(1, read(yaml, "test").images().get(0).labels().size());
    Files.writeString(yaml, "test: images\nnames: [x]\nnc: 1\n");
    assertEquals(1, read(yaml, "test").warnings().size());
    Files.writeString(yaml, "test: images\nnames: [x]\nnc: two\n");
    assertTrue(read(yaml, "test").warnings().get(0).contains("found text \"two\""));
  }

  @Test
  void dropsByteOrderMarksAndCarriageReturns() throws IOException {
    Path yaml =
        data(
            "\uFEFFtest: list.txt\r\nnames: [x]\r\n", "\uFEFF0 .5 .5 .2 .1\r\n\uFEFF0 1 1 1 1\r\n");
    Files.writeString(
        folder.resolve("list.txt"), "\uFEFF./images/a/1.jpg\r\n\uFEFF./images/a/2.jpg\r\n");
    Dataset data = read(yaml, "test");
    assertEquals(List.of("1.jpg", "2.jpg"), fileNames(data));
    assertEquals(2, data.images().get(0).labels().size());
    assertEquals(List.of(), data.leftOut());
  }

  /** YOLOv5's tutorial: yolov5/data/coco128.yaml, and datasets/coco128 beside yolov5. */
  @ParameterizedTest
  @ValueSource(strings = {"yolov5/data", "yolov5", "yolov5/data/deeper"})
  void triesThePathBelowTheFolderOfTheYamlAndBelowItsParent(String place) throws IOException {
    data("", "0 .5 .5 .2 .1");
    Path base = Files.createDirectories(folder.resolve("datasets/coco128"));
    Files.move(folder.resolve("images"), base.resolve("images"));
    Files.move(folder.resolve("labels"), base.resolve("labels"));
    Path yaml =
        Files.writeString(
            Files.createDirectories(folder.resolve(place)).resolve("coco128.yaml"),
            "path: ../datasets/coco128\nval: images/a\ntest: [images/a, images/b]\nnames: [x]\n");
    if (place.endsWith("deeper")) {
      String message = refused(yaml, "val");
      Path working = Path.of("").toAbsolutePath();
      for (Path root :
          List.of(folder.resolve("yolov5/data"), folder.resolve("yolov5"), working.getParent())) {
        assertTrue(message.contains(root.resolve("datasets/coco128/images/a").toString()), message);
      }
      assertTrue(
          message.contains("coco128.yaml:2:6: val: there is no such file or folder"), message);
    } else {
      assertEquals(1, read(yaml, "val").images().get(0).labels().size());
      assertTrue(refused(yaml, "test").contains("datasets/coco128/images/b"), "the list's second");
    }
  }

  @Test
  void triesTheWorkingFolder() throws IOException {
    Path yaml = data("path: models\ntest: sample\nval: work.txt\nnames: [x]\n", "");
    assertEquals(List.of("blood-cells.jpg"), fileNames(read(yaml, "test")).subList(0, 1));
    Files.createDirectories(folder.resolve("models"));
    Files.writeString(folder.resolve("models/work.txt"), "models/sample/blood-cells.jpg\n");
    assertEquals(
        Path.of("models/sample/blood-cells.jpg").toAbsolutePath(),
        read(yaml, "val").images().get(0).file(),
        "a list made in the working folder");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void saysThatAPathIsOneOfWindows() throws IOException {
    Path yaml = data("test: images\\a\nval: list.txt\ntrain: D:/data/images\nnames: [x]\n", "");
    Files.writeString(folder.resolve("list.txt"), "images/a/1.jpg\r\nC:\\data\\images\\2.jpg\r\n");
    assertTrue(
        refused(yaml, "test").contains(":1:7: test: \"images\\\\a\" is a path of Windows"),
        refused(yaml, "test"));
    assertTrue(refused(yaml, "train").contains("\"D:/data/images\" is a path of Windows"));
    assertTrue(refused(yaml, "val").contains("list.txt:2: \"C:\\\\data"), refused(yaml, "val"));
    Files.writeString(yaml, "path: C:\\data\ntest: images\nnames: [x]\n");
    assertTrue(refused(yaml, "test").contains("\"C:\\\\data\" is a path of Windows"));
    Files.copy(IMAGE, folder.resolve("images/a\\3.jpg"));
    Files.writeString(folder.resolve("list.txt"), "images/a\\3.jpg\n");
    Files.writeString(yaml, "val: list.txt\nnames: [x]\n");
    assertEquals(1, read(yaml, "val").images().size(), "a backslash is allowed in a name");
  }

  @Test
  void masksNeedOutlines() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "0 .5 .5 .2 .1\n");
    ValidateOptions options = ValidateOptions.DEFAULTS.withSplit("test");
    DatasetException e =
        assertThrows(
            DatasetException.class, () -> Dataset.read(yaml, options, true, Limits.DEFAULTS));
    assertTrue(String.valueOf(e.getMessage()).contains("1.txt: expected outlines"), e.toString());
    Files.writeString(folder.resolve("labels/a/2.txt"), "0 .1 .2 .3 .2 .3 .6\n");
    Dataset data = Dataset.read(yaml, options, true, Limits.DEFAULTS);
    assertEquals(List.of("2.jpg"), fileNames(data));
    assertEquals(6, data.images().get(0).outlines().get(0).length);
    assertEquals(1, data.leftOut().size(), "boxes in one file of several");
    assertEquals(List.of(), read(yaml, "test").images().get(1).outlines(), "they are not kept");
  }

  @Test
  void followsLinksAndIgnoresHiddenFiles() throws IOException {
    data("", "0 0.5 0.5 0.2 0.1");
    Files.copy(IMAGE, folder.resolve("images/a/._1.jpg"));
    Path other = Files.createDirectories(folder.resolve("other/images"));
    Files.createSymbolicLink(other.resolve("linked"), folder.resolve("images/a"));
    Files.createDirectories(folder.resolve("other/labels/linked"));
    Files.writeString(folder.resolve("other/labels/linked/2.txt"), "0 0.5 0.5 0.2 0.1");
    Path yaml =
        Files.writeString(
            folder.resolve("other/data.yaml"), "names: [x]\ntest: images\nval: images/linked\n");
    for (String split : List.of("test", "val")) {
      List<LabeledImage> all = read(yaml, split).images();
      assertEquals(2, all.size());
      assertEquals(1, all.get(1).labels().size());
    }
  }

  @Test
  void aCircleOfLinksIsAnError() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "");
    Files.createSymbolicLink(folder.resolve("images/a/loop"), folder.resolve("images"));
    assertTrue(refused(yaml, "test").contains("cannot be read"));
  }

  @Test
  void readsAPathAboveAsExportersMeanIt() throws IOException {
    Path yaml = data("test: ../images/a\nval: ../nowhere\nnames: [x]\n", "");
    assertEquals(2, read(yaml, "test").images().size());
    assertTrue(refused(yaml, "val").contains("there is no such file or folder"));
  }

  @Test
  void errorNamesTheExistingSplits() throws IOException {
    Path yaml = data("train: images\ntest: images\nnames: [x]\n", "");
    assertTrue(refused(yaml, "val").contains("no split val; it has [test, train]"));
    assertTrue(refused(yaml, "nonsense").contains("no split nonsense"));
  }

  @Test
  void fallsBackToTestIfThereIsNoVal() throws IOException {
    Path yaml = data("train: images\ntest: images\nnames: [x]\n", "");
    assertEquals("test", Dataset.defaultSplit(DatasetConfig.read(yaml, Limits.DEFAULTS)));
    Files.writeString(yaml, "val: list.txt\ntest: images\nnames: [x]\n");
    assertEquals(1, read(yaml, null).images().size());
    Files.writeString(yaml, "train: images\nnames: [x]\n");
    DatasetException e = assertThrows(DatasetException.class, () -> read(yaml, null));
    assertTrue(e.toString().contains("no split val; it has [train]"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test: images\n",
        "test: images\nnames: x\n",
        "test: images\nnames: {0: x, 2: y}\n",
        "test: images\nnames: {a: x}\n",
        "test: {a: b}\nnames: [x]\n",
        "test: [[images]]\nnames: [x]\n",
        "test: \"a\\0b\"\nnames: [x]\n",
        "path: [a]\ntest: images\nnames: [x]\n",
        "test: images\ntest: images\nnames: [x]\n",
        "test: !!python/object:os.system images\nnames: [x]\n",
        "test: labels\nnames: [x]\n",
        "- test\n",
        "",
      })
  void refusesAYamlThatDoesNotSayIt(String text) throws IOException {
    String message = refused(data(text, ""), "test");
    assertTrue(message.contains("data.yaml"), message);
  }

  @Test
  void readsFilesAlone() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "");
    Files.delete(folder.resolve("labels/a/1.txt"));
    Files.createDirectory(folder.resolve("labels/a/1.txt"));
    assertTrue(leftOut(yaml, "test").contains("1.txt: this is a folder, pipe or device"));
    assertTrue(refused(folder, "test").contains("this is a folder, pipe or device"));
  }

  @Test
  void boundsWhatItReads() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "0 0.5 0.5 0.2 0.1\n".repeat(300_000));
    assertTrue(leftOut(yaml, "test").contains("1.txt: 5400000 bytes are more than the limit of"));
    Files.write(folder.resolve("labels/a/1.txt"), "0 \u00ff".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(leftOut(yaml, "test").contains("1.txt: this is not text in UTF-8"));
    Files.writeString(yaml, "#".repeat(Limits.DEFAULTS.getInt(Limit.YAML_BYTES) + 1));
    assertTrue(refused(yaml, "test").contains("--limit yaml-bytes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{0: a, '00': b}",
        "{'00': a}",
        "{0: a, '0': b}",
        "{0: a, 2: b}",
        "{0: a, 1: [b]}",
        "{0: a, x: b}",
        "{-1: a}"
      })
  void refusesClassIdsThatAreAmbiguousOrNone(String names) throws IOException {
    String message = refused(data("test: images\nnames: " + names + "\n", ""), "test");
    assertTrue(message.contains("data.yaml:2:"), message);
  }

  @Test
  void boundsClassNamesThatAliasesRepeat() throws IOException {
    String name = "n".repeat(1_001);
    String aliases = "a: &a " + "n".repeat(1_000) + "\nnames: [" + "*a, ".repeat(40) + "x]\n";
    Path yaml = data("test: images\n" + aliases, "");
    assertEquals(41, DatasetConfig.read(yaml, Limits.DEFAULTS).names().size());
    Limits small = Limits.DEFAULTS.with(Limit.CLASS_NAMES_LENGTH, 20_000);
    assertThrows(DatasetException.class, () -> DatasetConfig.read(yaml, small));
    Files.writeString(yaml, "test: images\nnames: [x, " + name + "]\n");
    assertTrue(refused(yaml, "test").contains("the name of class 1 has 1001 characters"));
  }

  @Test
  void refusesPathsThatNoFileCanHave() throws IOException {
    String path = "a/".repeat(200_000) + "../".repeat(200_000) + "1.jpg";
    Path yaml = data("test: " + path + "\nnames: [x]\n", "");
    assertTrue(refused(yaml, "test").contains("expected a path"));
    Files.writeString(yaml, "test: list.txt\nnames: [x]\n");
    Files.writeString(folder.resolve("list.txt"), path + "\n");
    assertTrue(refused(yaml, "test").contains("list.txt:1: expected a path"));
  }

  /** A hash set finds keys with equal hashes fast only if they are Comparable. */
  @Test
  void labelsWithEqualHashesHaveAnOrder() {
    float x = 0.5f;
    float y = 0.5f;
    LabeledImage.Label first = new LabeledImage.Label(0, x, y, 0.1f, 0.1f);
    LabeledImage.Label second =
        new LabeledImage.Label(
            0, Math.nextUp(x), Float.intBitsToFloat(Float.floatToIntBits(y) - 31), 0.1f, 0.1f);
    assertEquals(first.hashCode(), second.hashCode());
    assertTrue(first.compareTo(second) < 0 && second.compareTo(first) > 0);
    assertEquals(0, first.compareTo(new LabeledImage.Label(0, x, y, 0.1f, 0.1f)));
  }
}
