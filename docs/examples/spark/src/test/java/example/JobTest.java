package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.spark.DetectorTransformer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the job, on the real engine and in this JVM, with the library's command line. */
class JobTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("repository")).normalize();
  private static final String WEIGHTS =
      REPOSITORY.resolve("models/bccd-yolov5n_iRMB.pt").toString();

  @TempDir private Path folder;

  @Test
  void tableEqualsTheCommandLinesJson() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    byte[] sample = Files.readAllBytes(REPOSITORY.resolve("models/sample/blood-cells.jpg"));
    for (String name : List.of("a.jpg", "b.jpg", "c.jpg", "d.JPG")) {
      Files.write(images.resolve(name), sample);
    }
    ObjectMapper json = new ObjectMapper();
    List<String> expected = new ArrayList<>();
    for (JsonNode image : json.readTree(commandLine(images).toFile())) {
      for (JsonNode d : image.get("detections")) {
        JsonNode box = d.get("box");
        expected.add(
            String.join(
                " ",
                image.get("image").asText(),
                image.get("width").asText(),
                image.get("height").asText(),
                d.get("class").asText(),
                d.get("label").asText(),
                String.valueOf((float) d.get("confidence").asDouble()),
                String.valueOf((float) box.get(0).asDouble()),
                String.valueOf((float) box.get(1).asDouble()),
                String.valueOf((float) box.get(2).asDouble()),
                String.valueOf((float) box.get(3).asDouble())));
      }
    }
    assertTrue(expected.size() > 4);
    Files.write(images.resolve("e.jpg"), "no image".getBytes());
    Files.write(images.resolve("notes.txt"), "not an image file by its name".getBytes());

    Path table = folder.resolve("table");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate()) {
      DetectorTransformer detector = new DetectorTransformer().setWeights(WEIGHTS);
      Job.table(spark, detector, images.toString()).write().parquet(table.toString());
      List<String> actual = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      for (Row row : spark.read().parquet(table.toString()).collectAsList()) {
        if (row.isNullAt(3)) {
          List<String> cells = new ArrayList<>();
          cells.add(row.getString(0).replaceFirst(".*/images/", ""));
          for (int i : new int[] {1, 2, 4, 5, 6, 7, 8, 9, 10}) {
            cells.add(String.valueOf(row.get(i)));
          }
          actual.add(String.join(" ", cells));
        } else {
          errors.add(row.getString(3));
        }
      }
      actual.sort(null);
      expected.sort(null);
      assertEquals(expected, actual);
      assertEquals(1, errors.size());
      assertTrue(errors.get(0).contains("/e.jpg: "), errors.get(0));
    }
  }

  private Path commandLine(Path images) throws Exception {
    Path json = folder.resolve("detections.json");
    Process irmb =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                "ai.irmb.internal.cli.Main",
                "detect",
                "--weights",
                WEIGHTS,
                "--json",
                json.toString(),
                images.toString())
            .inheritIO()
            .start();
    assertEquals(0, irmb.waitFor());
    return json;
  }
}
