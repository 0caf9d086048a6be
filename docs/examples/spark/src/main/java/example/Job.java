package example;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode_outer;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Converts a folder of images to a Parquet table of detections: {@code Job WEIGHTS IMAGES TABLE}.
 *
 * <p>The table has one row per detection, the most confident first within an image. An image
 * without detections has one row without a class. An image that cannot be read has one row with the
 * problem.
 */
public final class Job {
  private static final StructType DETECTION =
      StructType.fromDDL(
          "class INT, label STRING, confidence FLOAT, x1 FLOAT, y1 FLOAT, x2 FLOAT, y2 FLOAT");
  private static final StructType IMAGE =
      StructType.fromDDL("image STRING, width INT, height INT, problem STRING")
          .add("detections", "array<" + DETECTION.catalogString() + ">");

  private Job() {}

  public static void main(String[] args) throws IOException {
    DetectorSettings model = Detector.builder().weights(Path.of(args[0])).settings();
    try (SparkSession spark = SparkSession.builder().appName("detections").getOrCreate()) {
      table(spark, model, args[1]).write().mode("overwrite").parquet(args[2]);
      spark.read().parquet(args[2]).show(100, false);
    }
  }

  /** {@return the table of the images in a folder} */
  static Dataset<Row> table(SparkSession spark, DetectorSettings model, String images) {
    return spark
        .read()
        .format("binaryFile")
        .option("pathGlobFilter", "*.{jpg,jpeg,png,bmp,gif,JPG,JPEG,PNG,BMP,GIF}")
        .load(images)
        .select("path", "content")
        .map((MapFunction<Row, Row>) file -> detect(model, file), Encoders.row(IMAGE))
        .withColumn("detection", explode_outer(col("detections")))
        .select("image", "width", "height", "problem", "detection.*");
  }

  private static Row detect(DetectorSettings model, Row file) {
    String path = file.getString(0);
    String image = path.substring(path.lastIndexOf('/') + 1);
    try {
      Detections detections = Detectors.of(model).detect(RgbImage.read((byte[]) file.get(1), image));
      List<Row> rows = detections.stream().map(Job::row).toList();
      return RowFactory.create(
          image, detections.width(), detections.height(), null, rows.toArray(Row[]::new));
    } catch (ImageException e) {
      return RowFactory.create(image, null, null, e.getMessage(), null);
    }
  }

  private static Row row(Detection d) {
    return RowFactory.create(
        d.classId(),
        d.label(),
        d.confidence(),
        d.box().x1(),
        d.box().y1(),
        d.box().x2(),
        d.box().y2());
  }
}
