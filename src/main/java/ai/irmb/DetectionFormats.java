package ai.irmb;

import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.text.CsvText;
import ai.irmb.internal.text.DecimalText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The text of detections in each format. */
final class DetectionFormats {
  /** The names of the columns. */
  static final String CSV_HEADER = "class,label,confidence,x1,y1,x2,y2,track";

  /** The longest number that is certainly a long. */
  private static final int MAX_DIGITS = 18;

  /** Of COCO's category ids 1 to 90, those that no image uses. */
  private static final Set<Integer> UNUSED_CATEGORIES =
      Set.of(12, 26, 29, 30, 45, 66, 68, 69, 71, 83);

  private DetectionFormats() {}

  static String json(Detections all, WriteOptions options) {
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("width", all.width());
    image.put("height", all.height());
    image.put("input", List.of(all.inputHeight(), all.inputWidth()));
    image.put("detections", all.stream().map(d -> jsonObject(d, options)).toList());
    if (all.truncated()) {
      image.put("truncated", true);
    }
    return JsonWriter.write(image);
  }

  static String json(Detection d, WriteOptions options) {
    return JsonWriter.write(jsonObject(d, options));
  }

  private static Map<String, Object> jsonObject(Detection d, WriteOptions options) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (d.trackId() != null) {
      object.put("track", d.trackId());
    }
    object.put("class", d.classId());
    object.put("label", d.label());
    object.put("confidence", JsonWriter.exact(d.confidence()));
    Box box = d.box();
    object.put(
        "box",
        List.of(
            JsonWriter.exact(box.x1()),
            JsonWriter.exact(box.y1()),
            JsonWriter.exact(box.x2()),
            JsonWriter.exact(box.y2())));
    Mask mask = d.mask();
    if (mask != null) {
      object.put("mask", rle(mask));
      object.put("polygons", polygons(mask, options.polygons()));
    }
    return object;
  }

  private static Map<String, Object> rle(Mask mask) {
    Map<String, Object> rle = new LinkedHashMap<>();
    rle.put("size", List.of(mask.height(), mask.width()));
    rle.put("counts", mask.toCocoRle());
    return rle;
  }

  private static List<Object> polygons(Mask mask, PolygonMode mode) {
    List<Object> polygons = new ArrayList<>();
    for (Mask.Polygon polygon : mask.outlines(mode)) {
      List<Object> corners = new ArrayList<>();
      for (int corner : polygon.toArray()) {
        corners.add(corner);
      }
      polygons.add(corners);
    }
    return polygons;
  }

  /** {@return the row of a detection, without the end of the line} */
  static String csv(Detection d) {
    Box box = d.box();
    return String.join(
        ",",
        String.valueOf(d.classId()),
        CsvText.cell(d.label()),
        Float.toString(d.confidence()),
        Float.toString(box.x1()),
        Float.toString(box.y1()),
        Float.toString(box.x2()),
        Float.toString(box.y2()),
        d.trackId() == null ? "" : d.trackId().toString());
  }

  static String cocoResult(Detection d, String image, WriteOptions options) {
    return JsonWriter.write(cocoObject(d, image, options));
  }

  static String cocoResults(Detections all, String image, WriteOptions options) {
    return JsonWriter.write(all.stream().map(d -> cocoObject(d, image, options)).toList());
  }

  /** Rounded as upstream does. */
  private static Map<String, Object> cocoObject(Detection d, String image, WriteOptions options) {
    Box box = d.box();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("image_id", imageId(image));
    object.put("category_id", options.cocoCategories() ? category(d.classId()) : d.classId());
    object.put(
        "bbox",
        List.of(
            rounded(box.x1(), 3),
            rounded(box.y1(), 3),
            rounded(box.width(), 3),
            rounded(box.height(), 3)));
    object.put("score", rounded(d.confidence(), 5));
    if (d.mask() != null) {
      object.put("segmentation", rle(d.mask()));
    }
    return object;
  }

  private static Object imageId(String image) {
    boolean isNumber = image.matches("[0-9]+") && image.length() <= MAX_DIGITS;
    return isNumber ? (Object) Long.valueOf(image) : image;
  }

  /** {@return COCO's id of a class: its ids start at 1 and have gaps} */
  private static int category(int classId) {
    int id = 0;
    for (int left = classId; left >= 0; left--) {
      do {
        id++;
      } while (UNUSED_CATEGORIES.contains(id));
    }
    return id;
  }

  private static Double rounded(float value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** {@return the lines of all detections; as upstream does, the least confident comes first} */
  static String yoloLabels(Detections all, WriteOptions options) {
    StringBuilder lines = new StringBuilder();
    for (int i = all.size() - 1; i >= 0; i--) {
      String label = yoloLabel(all.get(i), all.width(), all.height(), options);
      if (!label.isEmpty()) {
        lines.append(label).append('\n');
      }
    }
    return lines.toString();
  }

  static String yoloLabel(Detection d, int width, int height, WriteOptions options) {
    Mask mask = d.mask();
    StringBuilder line = new StringBuilder().append(d.classId());
    if (mask == null) {
      appendBox(line, d.box(), width, height);
    } else {
      List<Mask.Polygon> outlines = mask.outlines(options.polygons());
      if (outlines.isEmpty()) {
        return "";
      }
      Mask.Polygon largest = outlines.get(0);
      for (int i = 0; i < largest.size(); i++) {
        append(line, (float) largest.x(i) / width);
        append(line, (float) largest.y(i) / height);
      }
    }
    if (options.labelConfidence()) {
      append(line, d.confidence());
    }
    return line.toString();
  }

  /** Rounded to integer pixels and computed in single precision, as upstream does. */
  private static void appendBox(StringBuilder line, Box box, int width, int height) {
    float x1 = (float) Math.rint(box.x1());
    float y1 = (float) Math.rint(box.y1());
    float x2 = (float) Math.rint(box.x2());
    float y2 = (float) Math.rint(box.y2());
    append(line, (x1 + x2) / 2 / width);
    append(line, (y1 + y2) / 2 / height);
    append(line, (x2 - x1) / width);
    append(line, (y2 - y1) / height);
  }

  private static void append(StringBuilder line, float value) {
    line.append(' ').append(DecimalText.general(value));
  }
}
