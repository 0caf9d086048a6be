package example;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode_outer;

import ai.irmb.spark.DetectorTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Converts a folder of images to a Parquet table of detections: {@code Job WEIGHTS IMAGES TABLE}.
 *
 * <p>The table has one row per detection, the most confident first within an image. An image
 * without detections has one row without a class. An image that cannot be read has one row with the
 * error.
 */
public final class Job {
  private Job() {}

  public static void main(String[] args) throws Exception {
    DetectorTransformer detector = new DetectorTransformer().setWeights(args[0]);
    try (SparkSession spark = SparkSession.builder().appName("detections").getOrCreate()) {
      table(spark, detector, args[1]).write().mode("overwrite").parquet(args[2]);
      spark.read().parquet(args[2]).show(100, false);
    }
  }

  /** {@return the table of the images in a folder and its subfolders} */
  static Dataset<Row> table(SparkSession spark, DetectorTransformer detector, String images) {
    Dataset<Row> files =
        spark
            .read()
            .format("binaryFile")
            .option("pathGlobFilter", "*.{jpg,jpeg,png,bmp,gif,JPG,JPEG,PNG,BMP,GIF}")
            .option("recursiveFileLookup", true)
            .load(images);
    return detector
        .transform(files)
        .select(
            col("path"),
            col("result.width"),
            col("result.height"),
            col("result.error"),
            explode_outer(col("result.detections")).as("detection"))
        .select("path", "width", "height", "error", "detection.*");
  }
}
