package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.testing.Shared;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every image of the reference as upstream's data set prepares it for validating. */
@Tag("reference")
class ValidationReferenceTest {
  private static final Path SMALL = Path.of("src/test/resources/reference/letterbox");

  @TestFactory
  Stream<DynamicTest> preparesAsUpstream() {
    return rows(SMALL).map(row -> preparesAsUpstream(SMALL, row));
  }

  @TestFactory
  Stream<DynamicTest> preparesAllAsUpstream() {
    Path folder = Shared.path("reference/letterbox");
    return rows(folder).map(row -> preparesAsUpstream(folder, row));
  }

  @TestFactory
  Stream<DynamicTest> shapesBatchesAsUpstream() {
    Map<String, List<JsonObject>> groups =
        rows(Shared.path("reference/letterbox"))
            .filter(row -> row.get("rect").getAsBoolean())
            .collect(Collectors.groupingBy(row -> row.get("group").getAsString()));
    return groups.entrySet().stream()
        .map(g -> DynamicTest.dynamicTest(g.getKey(), () -> shapesAsUpstream(g.getValue())));
  }

  private static DynamicTest preparesAsUpstream(Path folder, JsonObject row) {
    return DynamicTest.dynamicTest(row.get("name").getAsString(), () -> prepare(folder, row));
  }

  private static void prepare(Path folder, JsonObject row) throws IOException {
    RgbImage resized =
        ValidationResize.resize(image(folder, row, "input"), row.get("size").getAsInt());
    Images.assertSame(image(folder, row, "resized"), resized);
    int[] batch = Images.pair(row, "batch_hw");
    LetterboxGeometry geometry =
        ValidationResize.pad(
            resized.width(), resized.height(), new ValidationResize.BatchShape(batch[1], batch[0]));
    assertEquals(row.get("letterbox_ratio").getAsDouble(), geometry.ratio());
    assertEquals(row.getAsJsonArray("pad_wh").get(0).getAsDouble(), geometry.padX());
    assertEquals(row.getAsJsonArray("pad_wh").get(1).getAsDouble(), geometry.padY());
    Images.assertSame(image(folder, row, "expected"), Letterbox.apply(resized, geometry));
  }

  private static RgbImage image(Path folder, JsonObject row, String key) throws IOException {
    return RgbImage.read(folder.resolve(row.get(key).getAsString()));
  }

  private static void shapesAsUpstream(List<JsonObject> rows) {
    int[] heights = rows.stream().mapToInt(row -> Images.pair(row, "input_hw")[0]).toArray();
    int[] widths = rows.stream().mapToInt(row -> Images.pair(row, "input_hw")[1]).toArray();
    List<Integer> order = ValidationResize.order(widths, heights);
    List<JsonObject> byOrder =
        rows.stream().sorted(Comparator.comparingInt(row -> row.get("order").getAsInt())).toList();
    assertEquals(byOrder, order.stream().map(rows::get).toList());
    int batchSize = rows.get(0).get("batch_size").getAsInt();
    for (int start = 0; start < rows.size(); start += batchSize) {
      int[] batch =
          order.subList(start, Math.min(start + batchSize, rows.size())).stream()
              .mapToInt(Integer::intValue)
              .toArray();
      JsonObject first = rows.get(batch[0]);
      ValidationResize.BatchShape shape =
          ValidationResize.batchShape(
              Arrays.stream(batch).map(i -> widths[i]).toArray(),
              Arrays.stream(batch).map(i -> heights[i]).toArray(),
              first.get("size").getAsInt(),
              first.get("stride").getAsInt(),
              first.get("pad").getAsDouble());
      assertArrayEquals(Images.pair(first, "batch_hw"), new int[] {shape.height(), shape.width()});
    }
  }

  private static Stream<JsonObject> rows(Path folder) {
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray("validate").spliterator(), false)
        .map(JsonElement::getAsJsonObject);
  }
}
