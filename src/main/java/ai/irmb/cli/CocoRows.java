package ai.irmb.cli;

import ai.irmb.json.JsonWriter;
import ai.irmb.postprocess.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes detections as COCO's protocol reads results: one JSON list, a row at a time, so that
 * nothing is kept. Not safe for concurrent use.
 */
final class CocoRows implements AutoCloseable {
  /** Of COCO's category ids 1 to 90, those that no picture uses. */
  private static final Set<Integer> UNUSED = Set.of(12, 26, 29, 30, 45, 66, 68, 69, 71, 83);

  private final Writer out;
  private final boolean coco;
  private String separator = "[";

  /**
   * @param out is closed with this
   * @param coco whether classes get COCO's own category ids
   */
  CocoRows(Writer out, boolean coco) {
    this.out = out;
    this.coco = coco;
  }

  /** Adds what was found in a picture, in its pixels. */
  void add(Path file, Rows rows) {
    String name = String.valueOf(file.getFileName());
    String stem = name.substring(0, name.lastIndexOf('.'));
    // A number where the file's name is one, as upstream names COCO's pictures.
    String id = stem.matches("[0-9]+") ? new BigInteger(stem).toString() : JsonWriter.write(stem);
    try {
      for (int i = 0; i < rows.count(); i++) {
        out.write(separator + "{\"image_id\":" + id + "," + row(rows, i).substring(1));
        separator = ",\n";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String row(Rows rows, int i) {
    float[] b = rows.boxes();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("category_id", coco ? category(rows.classes()[i]) : rows.classes()[i]);
    row.put(
        "bbox",
        List.of(
            rounded(b[4 * i], 1e3),
            rounded(b[4 * i + 1], 1e3),
            rounded(b[4 * i + 2] - b[4 * i], 1e3),
            rounded(b[4 * i + 3] - b[4 * i + 1], 1e3)));
    row.put("score", rounded(rows.scores()[i], 1e5));
    return JsonWriter.write(row);
  }

  /** {@return COCO's id of the class: its ids start at 1 and have gaps} */
  static int category(int classId) {
    int id = 0;
    for (int left = classId; left >= 0; left--) {
      do {
        id++;
      } while (UNUSED.contains(id));
    }
    return id;
  }

  private static Double rounded(float value, double steps) {
    return Math.round(value * steps) / steps;
  }

  @Override
  public void close() throws IOException {
    out.write(separator.equals("[") ? "[]\n" : "]\n");
    out.close();
  }
}
