package ai.irmb.spark;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The structure of the output column. */
final class ResultSchema {
  private static final StructType DETECTION =
      StructType.fromDDL(
          "classId INT, label STRING, confidence FLOAT,"
              + " x1 FLOAT, y1 FLOAT, x2 FLOAT, y2 FLOAT, mask STRING");

  static final DataType TYPE =
      StructType.fromDDL(
          "width INT, height INT, detections ARRAY<"
              + DETECTION.catalogString()
              + ">, error STRING");

  private ResultSchema() {}

  /** {@return the value for an image with these detections} */
  static Row of(Detections detections) {
    Row[] rows = detections.stream().map(ResultSchema::row).toArray(Row[]::new);
    return RowFactory.create(detections.width(), detections.height(), rows, null);
  }

  /** {@return the value for an image that could not be processed} */
  static Row failure(String reason) {
    return RowFactory.create(null, null, null, reason);
  }

  private static Row row(Detection detection) {
    Box box = detection.box();
    Mask mask = detection.mask();
    return RowFactory.create(
        detection.classId(),
        detection.label(),
        detection.confidence(),
        box.x1(),
        box.y1(),
        box.x2(),
        box.y2(),
        mask == null ? null : mask.toCocoRle());
  }
}
