package ai.irmb.internal.json;

import ai.irmb.internal.error.Quoting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain Java values as JSON without white space. Equal values give equal text, and {@link
 * JsonParser} reads the text back as an equal value.
 */
public final class JsonWriter {
  private JsonWriter() {}

  /**
   * {@return the text}
   *
   * @param value a Map with text keys, List, String, Long, Integer, Double, Boolean or null,
   *     without cycles
   * @throws IllegalArgumentException if it contains another type or a number that is not finite
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  /** {@return the double with the fewest digits that reads back as this float} */
  public static Double exact(float value) {
    return Double.valueOf(Float.toString(value));
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      appendMap(out, map);
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object item : list) {
        append(out.append(separator), item);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String text) {
      appendText(out, text);
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON has no " + number);
    } else if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Double) {
      out.append(value);
    } else {
      throw new IllegalArgumentException("JSON has no " + value.getClass().getSimpleName());
    }
  }

  private static void appendMap(StringBuilder out, Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      appendText(out, (String) entry.getKey());
      append(out.append(':'), entry.getValue());
      separator = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void appendText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append((char) c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (Quoting.mustEscape(c)) {
            Quoting.appendEscaped(out, c);
          } else {
            out.appendCodePoint(c);
          }
        }
      }
      i += Character.charCount(c);
    }
    out.append('"');
  }
}
