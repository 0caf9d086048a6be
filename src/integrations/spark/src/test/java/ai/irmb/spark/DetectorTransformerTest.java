package ai.irmb.spark;

import static ai.irmb.spark.SparkSessions.SAMPLE;
import static ai.irmb.spark.SparkSessions.WEIGHTS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Detector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer in local mode, on the real engine, beside a detector that is called directly. */
class DetectorTransformerTest {
  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Path images;

  @BeforeAll
  static void open() throws IOException {
    spark = SparkSessions.open("local[2]", folder);
    images = Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(images.resolve("sub/folder"));
    Files.copy(SAMPLE, images.resolve("a.jpg"));
    Files.copy(SAMPLE, images.resolve("sub/a.jpg"));
    Files.copy(SAMPLE, images.resolve("sub/folder/b.jpg"));
    Files.writeString(images.resolve("sub/no image.jpg"), "text");
  }

  @AfterAll
  static void close() throws IOException {
    spark.close();
  }

  private static DetectorTransformer transformer() {
    return new DetectorTransformer().setWeights(WEIGHTS.toString());
  }

  private static Dataset<Row> files() {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", true)
        .load(images.toString());
  }

  private static Detections direct(DetectOptions options) throws IOException {
    try (Detector detector = Detector.builder().weights(WEIGHTS).options(options).build()) {
      return detector.detect(SAMPLE);
    }
  }

  private static List<Row> expected(Detections detections) {
    List<Row> rows = new ArrayList<>();
    for (Detection d : detections) {
      rows.add(
          RowFactory.create(
              d.classId(),
              d.label(),
              d.confidence(),
              d.box().x1(),
              d.box().y1(),
              d.box().x2(),
              d.box().y2(),
              null));
    }
    return rows;
  }

  @Test
  void everyImageHasTheDetectionsOfADirectCall() throws IOException {
    Detections direct = direct(DetectOptions.DEFAULTS);
    assertTrue(direct.size() > 10);
    Map<String, Row> results = new TreeMap<>();
    for (Row row :
        transformer().transform(files()).select("path", "length", "result").collectAsList()) {
      String path = row.getString(0);
      results.put(path.substring(path.indexOf("/images/") + 8), row.getStruct(2));
      assertTrue(row.getLong(1) > 0);
    }
    assertEquals(
        List.of("a.jpg", "sub/a.jpg", "sub/folder/b.jpg", "sub/no image.jpg"),
        List.copyOf(results.keySet()));
    Row bad = results.remove("sub/no image.jpg");
    assertTrue(bad.isNullAt(0) && bad.isNullAt(1) && bad.isNullAt(2));
    assertTrue(bad.getString(3).contains("no image.jpg: "), bad.getString(3));
    for (Row result : results.values()) {
      assertEquals(640, result.getInt(0));
      assertEquals(480, result.getInt(1));
      assertEquals(expected(direct), result.<Row>getList(2));
      assertTrue(result.isNullAt(3));
    }
  }

  @Test
  void parametersReachTheDetector() throws IOException {
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withConfidenceThreshold(0.5)
            .withIouThreshold(0.3)
            .withMaxDetections(4)
            .withSize(320)
            .withClasses("RBC", "WBC");
    Row row =
        transformer()
            .setConfidenceThreshold(0.5)
            .setIouThreshold(0.3)
            .setMaxDetections(4)
            .setSize(320)
            .setClassNames("RBC", "WBC")
            .setBatchSize(1)
            .setOutputCol("found")
            .transform(files().filter("path like '%/images/a.jpg'"))
            .select("found.detections")
            .first();
    List<Row> expected = expected(direct(options));
    assertTrue(expected.size() > 1 && expected.size() <= 4);
    assertEquals(expected, row.<Row>getList(0));
  }

  @Test
  void savedPipelineGivesTheSameTable() throws IOException {
    DetectorTransformer stage = transformer().setConfidenceThreshold(0.6).setClassNames("RBC");
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {stage}).fit(files());
    String saved = folder.resolve("pipeline").toString();
    model.write().overwrite().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    assertEquals(
        model.transform(files()).select("path", "result").collectAsList(),
        loaded.transform(files()).select("path", "result").collectAsList());
    stage.write().overwrite().save(folder.resolve("stage").toString());
    DetectorTransformer alone = DetectorTransformer.load(folder.resolve("stage").toString());
    assertEquals(stage.uid(), alone.uid());
    assertArrayEquals(new String[] {"RBC"}, alone.getOrDefault(alone.classNames()));
    assertEquals(0.6, alone.getOrDefault(alone.confidenceThreshold()));
  }

  @Test
  void copyHasItsOwnParameters() {
    DetectorTransformer first = transformer().setConfidenceThreshold(0.6);
    DetectorTransformer second =
        first.copy(new ParamMap().put(first.confidenceThreshold(), (Object) 0.9));
    assertEquals(0.6, first.getOrDefault(first.confidenceThreshold()));
    assertEquals(0.9, second.getOrDefault(second.confidenceThreshold()));
    assertEquals(first.uid(), second.uid());
  }

  @Test
  void optionsShareOneDetector() {
    Dataset<Row> one = files().filter("path like '%/images/a.jpg'");
    DetectorTransformer small = transformer().setAcceptTruncated(true);
    int before = Detectors.count();
    small.setMaxDetections(1).transform(one).collectAsList();
    small.setMaxDetections(2).setConfidenceThreshold(0.9).transform(one).collectAsList();
    assertEquals(before + 1, Detectors.count());
  }

  @Test
  void distributedWeightsAreFoundByName() throws IOException {
    Path copy = Files.copy(WEIGHTS, folder.resolve("distributed.pt"));
    spark.sparkContext().addFile(copy.toString());
    Files.delete(copy);
    Row row =
        new DetectorTransformer()
            .setWeights("distributed.pt")
            .transform(files().limit(1))
            .select("result.error")
            .first();
    assertTrue(row.isNullAt(0));
  }

  @Test
  void nullContentIsAnErrorOfItsRow() {
    StructType schema = StructType.fromDDL("id INT, content BINARY");
    Dataset<Row> table = spark.createDataFrame(List.of(RowFactory.create(7, null)), schema);
    Row row = transformer().transform(table).select("id", "result.error").first();
    assertEquals(7, row.getInt(0));
    assertEquals("image: the content is null", row.getString(1));
  }

  @Test
  void anEmptyTableNeedsNoWeights() {
    assertEquals(0, transformer().setWeights("missing.pt").transform(files().limit(0)).count());
  }

  @Test
  void wrongTablesAndParametersAreNamedBeforeTheJob() {
    DetectorTransformer transformer = transformer();
    Dataset<Row> files = files();
    Dataset<Row> found = transformer.transform(files);
    assertMessage("outputCol: there is a column result", () -> transformer.transform(found));
    assertMessage(
        "contentCol: expected a column content of type binary",
        () -> transformer.transform(files.select("path")));
    assertMessage(
        "nameCol: expected length of type string",
        () -> transformer().setNameCol("length").transform(files));
    assertMessage("weights: not set", () -> new DetectorTransformer().transform(files));
    assertMessage("precision", () -> transformer().setPrecision("fp8"));
    assertMessage("confidenceThreshold", () -> transformer().setConfidenceThreshold(2));
    assertMessage("device", () -> transformer().setDevice("tpu").transform(files));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void missingWeightsFailTheJob() {
    Dataset<Row> table = transformer().setWeights("missing.pt").transform(files());
    SparkException e = assertThrows(SparkException.class, table::collectAsList);
    assertTrue(String.valueOf(e.getMessage()).contains("missing.pt"), e.getMessage());
  }
}
