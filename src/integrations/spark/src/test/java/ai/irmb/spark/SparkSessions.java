package ai.irmb.spark;

import java.io.File;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Sessions of Spark for tests. */
final class SparkSessions {
  static final Path REPOSITORY =
      Path.of(System.getProperty("repository")).toAbsolutePath().normalize();
  static final Path WEIGHTS = REPOSITORY.resolve("models/bccd-yolov5n_iRMB.pt");
  static final Path SAMPLE = REPOSITORY.resolve("models/sample/blood-cells.jpg");

  private SparkSessions() {}

  /** {@return a session, for the caller to close} */
  static SparkSession open(String master, Path folder) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        // As spark-submit's --jars; all else is in SPARK_HOME.
        .config("spark.executor.extraClassPath", classes())
        .config("spark.executor.extraJavaOptions", System.getProperty("spark.opens"))
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .getOrCreate();
  }

  private static String classes() {
    return Stream.of(DetectorTransformer.class, SparkSessions.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
