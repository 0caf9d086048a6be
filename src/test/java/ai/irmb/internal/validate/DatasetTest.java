package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

  private static String refused(Path yaml, String split) {
    DatasetException e =
        assertThrows(DatasetException.class, () -> Dataset.read(yaml, split, Limits.DEFAULTS));
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
    List<LabeledImage> all = Dataset.read(yaml, "test", Limits.DEFAULTS).images();
    assertEquals(2, all.size());
    assertEquals(
        List.of(
            new LabeledImage.Label(0, 0.5f, 0.5f, 0.2f, 0.1f),
            new LabeledImage.Label(1, 0.1f, 0.1f, 1f, 0.2f)),
        all.get(0).labels(),
        "rows that are equal in single precision count once");
    assertEquals(List.of(), all.get(1).labels());
    List<LabeledImage> listed = Dataset.read(yaml, "val", Limits.DEFAULTS).images();
    assertEquals(1, listed.size());
    assertTrue(listed.get(0).file().endsWith("images/a/2.jpg"));
  }

  @Test
  void takesTheBoundingBoxOfAnOutlineThatLeavesTheImage() throws IOException {
    Path yaml =
        data("test: images\nnames: [x, y]\n", "1 0.1 0.2 0.3 0.2 0.3 0.6\n0 -0.01 0 0.5 0 0.5 1");
    List<LabeledImage.Label> labels =
        Dataset.read(yaml, "test", Limits.DEFAULTS).images().get(0).labels();
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
  })
  void errorNamesTheLineOfAMalformedLabel(String row, String words) throws IOException {
    String message =
        refused(data("path: .\ntest: images\nnames: {0: x, 1: y}\n", "0 0 0 1 1\n" + row), "test");
    assertTrue(message.contains("1.txt:2: "), message);
    assertTrue(message.contains(words), message);
  }

  @Test
  void refusesBoxesAndOutlinesInOneFile() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "0 .5 .5 .2 .1\n0 .1 .2 .3 .2 .3 .6\n");
    String message = refused(yaml, "test");
    assertTrue(
        message.endsWith("1.txt:2: expected only boxes or only outlines in a file, found both"));
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
      List<LabeledImage> all = Dataset.read(yaml, split, Limits.DEFAULTS).images();
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
    assertEquals(2, Dataset.read(yaml, "test", Limits.DEFAULTS).images().size());
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
    assertEquals(1, Dataset.read(yaml, null, Limits.DEFAULTS).images().size());
    Files.writeString(yaml, "train: images\nnames: [x]\n");
    DatasetException e =
        assertThrows(DatasetException.class, () -> Dataset.read(yaml, null, Limits.DEFAULTS));
    assertTrue(e.toString().contains("no split val; it has [train]"), e.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test: images\n",
        "test: images\nnames: x\n",
        "test: images\nnames: {0: x, 2: y}\n",
        "test: images\nnames: {a: x}\n",
        "test: images\nnames: [x]\nnc: 2\n",
        "test: images\nnames: [x]\nnc: two\n",
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
    assertTrue(refused(yaml, "test").contains("1.txt: this is a folder, pipe or device"));
    assertTrue(refused(folder, "test").contains("this is a folder, pipe or device"));
  }

  @Test
  void boundsWhatItReads() throws IOException {
    Path yaml = data("test: images\nnames: [x]\n", "0 0.5 0.5 0.2 0.1\n".repeat(300_000));
    assertTrue(refused(yaml, "test").contains("1.txt: 5400000 bytes are more than the limit of"));
    Files.write(folder.resolve("labels/a/1.txt"), "0 \u00ff".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(refused(yaml, "test").contains("1.txt: this is not text in UTF-8"));
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
