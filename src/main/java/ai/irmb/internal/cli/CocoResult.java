package ai.irmb.internal.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A detection in COCO's result format, rounded as upstream does. */
final class CocoResult {
  private static final int MAX_DIGITS = 18;

  private CocoResult() {}

  /** {@return the name as a number or, if it is not a number, the fallback} */
  static Object imageId(String name, String fallback) {
    boolean isNumber = name.matches("[0-9]+") && name.length() <= MAX_DIGITS;
    return isNumber ? (Object) Long.valueOf(name) : fallback;
  }

  /** {@return the JSON object, modifiable} */
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
