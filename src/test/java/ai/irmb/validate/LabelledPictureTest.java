package ai.irmb.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.DataSetException;
import ai.irmb.limit.Limits;
import ai.irmb.spec.DataSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledPictureTest {
  @TempDir Path folder;

  private DataSpec data(String yaml, String labels) throws IOException {
    Files.createDirectories(folder.resolve("images/a"));
    Files.createDirectories(folder.resolve("labels/a"));
    Files.copy(Path.of("models/sample/blood-cells.jpg"), folder.resolve("images/a/1.jpg"));
    Files.copy(Path.of("models/sample/blood-cells.jpg"), folder.resolve("images/a/2.jpg"));
    Files.writeString(folder.resolve("labels/a/1.txt"), labels);
    Files.writeString(folder.resolve("list.txt"), "./images/a/2.jpg\n");
    Path file = Files.writeString(folder.resolve("data.yaml"), yaml);
    return DataSpec.read(file, Limits.DEFAULTS);
  }

  @Test
  void readsBoxesOutlinesBackgroundsAndLists() throws IOException {
    DataSpec data =
        data(
            "path: .\ntest: images\nval: [list.txt]\nnames: [x, y]\n",
            "0 0.5 0.5 0.2 0.1\n0 0.5 0.5 0.2 0.1\n1 0.1 0.2 0.3 0.2 0.3 0.6\n");
    List<LabelledPicture> all = LabelledPicture.of(data, "test");
    assertEquals(2, all.size());
    assertEquals(2, all.get(0).labels().size(), "the same row twice counts once");
    LabelledPicture.Label outline = all.get(0).labels().get(1);
    assertEquals(1, outline.classId());
    assertEquals(0.2, outline.x(), 1e-12);
    assertEquals(0.4, outline.y(), 1e-12);
    assertEquals(0.2, outline.width(), 1e-12);
    assertEquals(0.4, outline.height(), 1e-12);
    assertEquals(List.of(), all.get(1).labels());
    assertEquals(1, LabelledPicture.of(data, "val").size());
  }

  @ParameterizedTest
  @CsvSource({
    "0 0.5 0.5 0.2, found 4 numbers",
    "2 0.5 0.5 0.2 0.1, expected a class from 0 to 1",
    "0 1.5 0.5 0.2 0.1, from 0 to 1",
    "0 NaN 0.5 0.2 0.1, from 0 to 1",
    "0 x 0.5 0.2 0.1, expected a number",
  })
  void saysWhereALabelIsWrong(String row, String words) throws IOException {
    DataSpec data = data("path: .\ntest: images\nnames: {0: x, 1: y}\n", row);
    DataSetException e =
        assertThrows(DataSetException.class, () -> LabelledPicture.of(data, "test"));
    assertTrue(String.valueOf(e.getMessage()).contains("1.txt:1: "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
  }

  @Test
  void namesTheSplitsThatThereAre() throws IOException {
    DataSpec data = data("test: images\nnames: [x]\n", "");
    DataSetException e =
        assertThrows(DataSetException.class, () -> LabelledPicture.of(data, "val"));
    assertTrue(String.valueOf(e.getMessage()).contains("no split val; it has [test]"));
  }
}
