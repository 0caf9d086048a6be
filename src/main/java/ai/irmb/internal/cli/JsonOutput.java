package ai.irmb.internal.cli;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes one JSON file: a list with one object per image. */
final class JsonOutput implements Output {
  private final JsonArrayWriter list;

  JsonOutput(AtomicTextFile file) {
    list = new JsonArrayWriter(file, ",");
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    list.add(row(input, found));
  }

  private static Map<String, Object> row(Input input, Detections found) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("image", input.fileName());
    row.put("path", input.given());
    if (input.number() > 0) {
      row.put("frame", (long) input.number());
    }
    row.put("width", (long) found.width());
    row.put("height", (long) found.height());
    row.put("input", List.of((long) found.inputHeight(), (long) found.inputWidth()));
    List<Object> detections = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Detection d = found.get(i);
      Map<String, Object> each = new LinkedHashMap<>();
      if (d.trackId() != null) {
        each.put("track", d.trackId());
      }
      each.put("class", (long) d.classId());
      each.put("label", d.label());
      each.put("confidence", exact(d.confidence()));
      each.put(
          "box",
          List.of(
              exact(d.box().x1()), exact(d.box().y1()), exact(d.box().x2()), exact(d.box().y2())));
      Mask mask = d.mask();
      if (mask != null) {
        each.put("mask", runs(mask));
        each.put("polygons", polygons(mask));
      }
      detections.add(each);
    }
    row.put("detections", detections);
    if (found.truncated()) {
      row.put("truncated", true);
    }
    return row;
  }

  /** The double with the fewest digits that reads back as this float. */
  private static Double exact(float value) {
    return Double.valueOf(Float.toString(value));
  }

  /** {@return the mask as COCO's compressed RLE} */
  static Map<String, Object> runs(Mask mask) {
    Map<String, Object> runs = new LinkedHashMap<>();
    runs.put("size", List.of((long) mask.height(), (long) mask.width()));
    runs.put("counts", mask.toCocoRle());
    return runs;
  }

  private static List<Object> polygons(Mask mask) {
    List<Object> polygons = new ArrayList<>();
    for (Mask.Polygon polygon : mask.polygons()) {
      List<Object> corners = new ArrayList<>();
      for (int corner : polygon.simplified(YoloTextOutput.SMOOTHING).toArray()) {
        corners.add((long) corner);
      }
      polygons.add(corners);
    }
    return polygons;
  }

  @Override
  public void finish() throws IOException {
    list.finish();
  }

  @Override
  public void close() throws IOException {
    list.close();
  }
}
