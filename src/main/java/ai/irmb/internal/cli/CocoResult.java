package ai.irmb.internal.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A detection as COCO's tools read results, rounded as upstream does. */
final class CocoResult {
  private static final int LONGEST_NUMBER = 18;

  private CocoResult() {}

  /** {@return the number that an image is named by or, failing that, this} */
  static Object imageId(String name, String otherwise) {
    boolean isNumber = name.matches("[0-9]+") && name.length() <= LONGEST_NUMBER;
    return isNumber ? (Object) Long.valueOf(name) : otherwise;
  }

  /** {@return the object, to which more may be added} */
  static Map<String, Object> of(
      Object imageId, long category, float x, float y, float width, float height, float score) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("image_id", imageId);
    row.put("category_id", category);
    row.put("bbox", List.of(rounded(x, 3), rounded(y, 3), rounded(width, 3), rounded(height, 3)));
    row.put("score", rounded(score, 5));
    return row;
  }

  private static Double rounded(float value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }
}
