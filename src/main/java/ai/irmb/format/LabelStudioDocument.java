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

/** Tasks of Label Studio with predictions. Positions are percentages of the image's sides. */
final class LabelStudioDocument extends TextDocument {
  private static final double PERCENT = 100;

  private final WriteOptions options;
  private final JsonList list;

  LabelStudioDocument(Writer out, WriteOptions options) {
    super(out);
    this.options = options;
    this.list = new JsonList(out);
  }

  @Override
  String start() {
    return "[";
  }

  @Override
  void write(ImageEntry image, Detections detections) throws IOException {
    List<Object> regions = new ArrayList<>();
    for (Detection d : detections) {
      Mask mask = d.mask();
      if (mask == null) {
        regions.add(
            region(regions.size(), d, detections, "label", "rectanglelabels", box(d, detections)));
      } else {
        for (Mask.Polygon outline : mask.outlines(options.polygons())) {
          // A polygon of Label Studio cannot have holes.
          if (!outline.isHole()) {
            regions.add(
                region(
                    regions.size(),
                    d,
                    detections,
                    "polygon",
                    "polygonlabels",
                    polygon(outline, d, detections)));
          }
        }
      }
    }
    Map<String, Object> prediction = new LinkedHashMap<>();
    prediction.put("model_version", "irmb");
    prediction.put(
        "score", detections.stream().mapToDouble(Detection::confidence).average().orElse(0));
    prediction.put("result", regions);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("image", image.path());
    if (image.frame() > 0) {
      data.put("frame", image.frame());
    }
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("data", data);
    task.put("predictions", List.of(prediction));
    list.add(JsonWriter.write(task));
  }

  private static Map<String, Object> region(
      int id, Detection d, Detections all, String from, String type, Map<String, Object> value) {
    Map<String, Object> region = new LinkedHashMap<>();
    region.put("id", String.valueOf(id + 1));
    region.put("type", type);
    region.put("from_name", from);
    region.put("to_name", "image");
    region.put("original_width", all.width());
    region.put("original_height", all.height());
    region.put("image_rotation", 0);
    region.put("score", JsonWriter.exact(d.confidence()));
    if (d.trackId() != null) {
      region.put("meta", Map.of("text", List.of("track " + d.trackId())));
    }
    region.put("value", value);
    return region;
  }

  private static Map<String, Object> box(Detection d, Detections all) {
    Box box = d.box();
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("x", PERCENT * box.x1() / all.width());
    value.put("y", PERCENT * box.y1() / all.height());
    value.put("width", PERCENT * box.width() / all.width());
    value.put("height", PERCENT * box.height() / all.height());
    value.put("rotation", 0);
    value.put("rectanglelabels", List.of(d.label()));
    return value;
  }

  private static Map<String, Object> polygon(Mask.Polygon outline, Detection d, Detections all) {
    List<Object> points = new ArrayList<>();
    for (int i = 0; i < outline.size(); i++) {
      points.add(
          List.of(PERCENT * outline.x(i) / all.width(), PERCENT * outline.y(i) / all.height()));
    }
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("points", points);
    value.put("closed", true);
    value.put("polygonlabels", List.of(d.label()));
    return value;
  }

  @Override
  String end() {
    return "]\n";
  }
}
