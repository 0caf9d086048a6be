package ai.irmb.cli;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.image.RgbImage;
import ai.irmb.json.JsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON file of results as COCO's tools read them: a list with an object for each detection. A
 * picture's id is the number that its file is named by or, failing that, its name; a category's is
 * the class number, from 0. Rounded as upstream does.
 */
final class CocoOutput implements Output {
  private static final int LONGEST_NUMBER = 18;

  private final TextFile file;
  private String separator = "[";

  CocoOutput(Path target) throws IOException {
    file = TextFile.open(target);
  }

  @Override
  public void add(Input input, RgbImage picture, Found found) throws IOException {
    for (Detection d : found) {
      file.append(separator + JsonWriter.write(row(input, d)));
      separator = ",";
    }
  }

  private static Map<String, Object> row(Input input, Detection d) {
    Map<String, Object> row = new LinkedHashMap<>();
    String name = input.shortName();
    boolean isNumber = name.matches("[0-9]+") && name.length() <= LONGEST_NUMBER;
    row.put("image_id", isNumber ? (Object) Long.valueOf(name) : input.name());
    row.put("category_id", (long) d.classId());
    Box box = d.box();
    row.put(
        "bbox",
        List.of(
            rounded(box.x1(), 3),
            rounded(box.y1(), 3),
            rounded(box.width(), 3),
            rounded(box.height(), 3)));
    row.put("score", rounded(d.confidence(), 5));
    if (d.mask() != null) {
      row.put("segmentation", JsonOutput.runs(d.mask()));
    }
    return row;
  }

  private static Double rounded(float value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  @Override
  public void finish() throws IOException {
    file.append((separator.equals("[") ? "[]" : "]") + System.lineSeparator());
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
