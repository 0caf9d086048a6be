package ai.irmb.format;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.internal.json.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object per image: in a list, or each on its line. */
final class JsonDocument extends TextDocument {
  private final WriteOptions options;
  private final boolean isLines;
  private final JsonList list;

  JsonDocument(Writer out, WriteOptions options, boolean isLines) {
    super(out);
    this.options = options;
    this.isLines = isLines;
    this.list = new JsonList(out);
  }

  @Override
  String start() {
    return isLines ? "" : "[";
  }

  @Override
  void write(ImageEntry image, Detections detections) throws IOException {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("image", image.fileName());
    names.put("path", image.path());
    if (image.frame() > 0) {
      names.put("frame", image.frame());
    }
    // One object: the members of the names, then those of the detections.
    String members = JsonWriter.write(names);
    String object =
        members.substring(0, members.length() - 1) + "," + detections.toJson(options).substring(1);
    if (isLines) {
      out().write(object + "\n");
      out().flush();
    } else {
      list.add(object);
    }
  }

  @Override
  String end() {
    return isLines ? "" : "]\n";
  }
}
