package ai.irmb;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A detected object. Immutable.
 *
 * @param classId class id, from 0
 * @param label class name
 * @param confidence objectness × class probability, in [0, 1]
 * @param box in pixels of the original image
 * @param mask the object's pixels; null unless the model is a segmentation model and masks were
 *     requested
 * @param trackId the number of the object's track, from 1, the same in every image of a video that
 *     shows the object; null without a {@link ai.irmb.track.Tracker}
 */
public record Detection(
    int classId,
    String label,
    float confidence,
    Box box,
    @Nullable Mask mask,
    @Nullable Integer trackId) {
  /**
   * @throws IllegalArgumentException if the class is negative, the confidence not in [0, 1] or the
   *     track's number not positive
   */
  public Detection {
    requireNonNull(label, "label");
    requireNonNull(box, "box");
    if (classId < 0 || !(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("class " + classId + ", confidence " + confidence);
    }
    if (trackId != null && trackId < 1) {
      throw new IllegalArgumentException("trackId: expected at least 1, found " + trackId);
    }
  }

  /**
   * Creates a detection without a track.
   *
   * @throws IllegalArgumentException if the class is negative or the confidence not in [0, 1]
   */
  public Detection(int classId, String label, float confidence, Box box, @Nullable Mask mask) {
    this(classId, label, confidence, box, mask, null);
  }

  /**
   * Creates a detection without a mask and a track.
   *
   * @throws IllegalArgumentException if the class is negative or the confidence not in [0, 1]
   */
  public Detection(int classId, String label, float confidence, Box box) {
    this(classId, label, confidence, box, null);
  }

  /**
   * {@return this detection as one of a track}
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public Detection withTrackId(int number) {
    return new Detection(classId, label, confidence, box, mask, number);
  }

  /** {@return the detection as a JSON object; see {@link Detections#toJson()}} */
  public String toJson() {
    return toJson(WriteOptions.DEFAULTS);
  }

  /** {@return the detection as a JSON object; see {@link Detections#toJson()}} */
  public String toJson(WriteOptions options) {
    return DetectionFormats.json(this, options);
  }

  /** {@return the row of the detection in {@link Detections#toCsv}, without the end of the line} */
  public String toCsv() {
    return DetectionFormats.csv(this);
  }

  /**
   * {@return the detection as an object of COCO's results; see {@link
   * Detections#toCocoResults(String, WriteOptions)}}
   */
  public String toCocoResult(String image) {
    return toCocoResult(image, WriteOptions.DEFAULTS);
  }

  /**
   * {@return the detection as an object of COCO's results; see {@link
   * Detections#toCocoResults(String, WriteOptions)}}
   */
  public String toCocoResult(String image, WriteOptions options) {
    return DetectionFormats.cocoResult(this, image, options);
  }

  /**
   * {@return the detection as a YOLO label without the end of the line; empty if the mask is empty;
   * see {@link Detections#toYoloLabels()}}
   *
   * @param width of the image, in pixels
   * @param height of the image
   */
  public String toYoloLabel(int width, int height) {
    return toYoloLabel(width, height, WriteOptions.DEFAULTS);
  }

  /** {@return the detection as a YOLO label; see {@link #toYoloLabel(int, int)}} */
  public String toYoloLabel(int width, int height, WriteOptions options) {
    return DetectionFormats.yoloLabel(this, width, height, options);
  }

  /**
   * {@return the detection as readable text: {@code RBC 0.91 at (12, 40) to (118, 151)}, with
   * {@code #3} before it if its track is 3}
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%s %.2f at (%.0f, %.0f) to (%.0f, %.0f)",
        trackId == null ? "" : "#" + trackId + " ",
        label,
        confidence,
        box.x1(),
        box.y1(),
        box.x2(),
        box.y2());
  }
}
