package ai.irmb.spark;

import static ai.irmb.spark.SparkSessions.SAMPLE;
import static ai.irmb.spark.SparkSessions.WEIGHTS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer in two executors, each in a JVM of its own. */
class LocalClusterTest {
  private static final int EXECUTORS = 2;
  private static final int IMAGES = 4;

  @TempDir private Path folder;

  @Test
  void eachExecutorOpensOneDetector() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      Files.copy(SAMPLE, images.resolve(i + ".jpg"));
    }
    int before = Detectors.count();
    try (SparkSession spark =
        SparkSessions.open("local-cluster[" + EXECUTORS + ",2,1024]", folder)) {
      Dataset<Row> files =
          spark.read().format("binaryFile").load(images.toString()).repartition(IMAGES);
      Dataset<Row> found =
          new DetectorTransformer().setWeights(WEIGHTS.toString()).setSize(320).transform(files);
      List<Integer> counts =
          found.selectExpr("size(result.detections)").as(Encoders.INT()).collectAsList();
      assertEquals(IMAGES, counts.size());
      assertEquals(1, Set.copyOf(counts).size(), counts.toString());
      assertTrue(counts.get(0) > 5, counts.toString());
      Map<Long, Integer> detectors = new TreeMap<>();
      List<Integer> tasks = new ArrayList<>(IntStream.range(0, 32).boxed().toList());
      JavaSparkContext.fromSparkContext(spark.sparkContext())
          .parallelize(tasks, tasks.size())
          .mapToPair(i -> new scala.Tuple2<>(ProcessHandle.current().pid(), Detectors.count()))
          .collect()
          .forEach(pair -> detectors.put(pair._1, pair._2));
      detectors.remove(ProcessHandle.current().pid());
      assertEquals(
          List.of(1, 1), List.copyOf(detectors.values()), "detectors of executors " + detectors);
      assertEquals(before, Detectors.count(), "the driver opened a detector");
    }
  }
}
