package ai.irmb.format;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import java.io.IOException;
import java.io.Writer;

/** COCO's result format. */
final class CocoResultsDocument extends TextDocument {
  private final WriteOptions options;
  private final JsonList list;

  CocoResultsDocument(Writer out, WriteOptions options) {
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
    String last = image.name().substring(image.name().lastIndexOf('/') + 1);
    String id = last.matches("[0-9]+") ? last : image.name();
    for (Detection d : detections) {
      list.add(d.toCocoResult(id, options));
    }
  }

  @Override
  String end() {
    return "]\n";
  }
}
