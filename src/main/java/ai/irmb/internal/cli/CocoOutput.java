package ai.irmb.internal.cli;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.Map;

/**
 * Writes one JSON file in COCO's result format: a list with one object per detection. An image's id
 * is the number in its file's name or, if it is not a number, the name; a category's id is the
 * class id, from 0. Values are rounded as upstream does.
 */
final class CocoOutput implements Output {
  private final JsonArrayWriter list;

  CocoOutput(AtomicTextFile file) {
    list = new JsonArrayWriter(file, ",");
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    for (Detection d : found) {
      list.add(row(input, d));
    }
  }

  private static Map<String, Object> row(Input input, Detection d) {
    Box box = d.box();
    Map<String, Object> row =
        CocoResult.of(
            CocoResult.imageId(input.shortName(), input.name()),
            d.classId(),
            box.x1(),
            box.y1(),
            box.width(),
            box.height(),
            d.confidence());
    if (d.mask() != null) {
      row.put("segmentation", JsonOutput.runs(d.mask()));
    }
    return row;
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
