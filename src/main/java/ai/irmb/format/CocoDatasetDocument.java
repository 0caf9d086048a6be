package ai.irmb.format;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import ai.irmb.WriteOptions;
import ai.irmb.internal.json.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * COCO's data set format. The annotations come first, since they are written as they come; the
 * images are kept until the end.
 */
final class CocoDatasetDocument extends TextDocument {
  private final WriteOptions options;
  private final JsonList list;
  private final DatasetClasses classes;
  private final List<Object> images = new ArrayList<>();
  private int annotations;

  CocoDatasetDocument(Writer out, WriteOptions options) {
    super(out);
    this.options = options;
    this.list = new JsonList(out);
    this.classes = new DatasetClasses(options);
  }

  @Override
  String start() {
    return "{\"info\":{\"description\":\"detections\"},\"licenses\":[],\"annotations\":[";
  }

  @Override
  void write(ImageEntry image, Detections detections) throws IOException {
    classes.add(detections);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", images.size() + 1);
    row.put("file_name", image.relativePath());
    row.put("width", detections.width());
    row.put("height", detections.height());
    images.add(row);
    for (Detection d : detections) {
      annotations++;
      list.add(JsonWriter.write(annotation(d)));
    }
  }

  private Map<String, Object> annotation(Detection d) {
    Box box = d.box();
    Mask mask = d.mask();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", annotations);
    row.put("image_id", images.size());
    row.put("category_id", d.classId() + 1);
    row.put(
        "bbox",
        List.of(
            JsonWriter.exact(box.x1()),
            JsonWriter.exact(box.y1()),
            JsonWriter.exact(box.width()),
            JsonWriter.exact(box.height())));
    row.put("area", mask == null ? JsonWriter.exact(box.area()) : (Object) mask.area());
    row.put("iscrowd", 0);
    row.put("segmentation", mask == null ? List.of() : segmentation(mask));
    row.put("score", JsonWriter.exact(d.confidence()));
    if (d.trackId() != null) {
      row.put("track_id", d.trackId());
    }
    return row;
  }

  /** Polygons of one annotation are united, so that they cannot have holes. */
  private Object segmentation(Mask mask) {
    List<Mask.Polygon> outlines = mask.outlines(options.polygons());
    if (outlines.stream().anyMatch(Mask.Polygon::isHole)) {
      Map<String, Object> rle = new LinkedHashMap<>();
      rle.put("size", List.of(mask.height(), mask.width()));
      rle.put("counts", mask.toCocoRle());
      return rle;
    }
    List<Object> polygons = new ArrayList<>();
    for (Mask.Polygon outline : outlines) {
      List<Object> corners = new ArrayList<>();
      for (int corner : outline.toArray()) {
        corners.add(corner);
      }
      polygons.add(corners);
    }
    return polygons;
  }

  @Override
  String end() {
    List<Object> categories = new ArrayList<>();
    classes
        .names()
        .forEach(
            (id, name) -> {
              Map<String, Object> category = new LinkedHashMap<>();
              category.put("id", id + 1);
              category.put("name", name);
              category.put("supercategory", "");
              categories.add(category);
            });
    return "],\n\"images\":"
        + JsonWriter.write(images)
        + ",\n\"categories\":"
        + JsonWriter.write(categories)
        + "}\n";
  }
}
