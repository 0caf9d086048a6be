package ai.irmb.internal.json;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.limit.Limit;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of RFC 8259. Refuses comments, NaN, duplicate keys, unpaired surrogates, and
 * numbers outside {@code long} or the finite {@code double}s. It does not recurse.
 */
public final class JsonParser {
  /** Estimated size of a list or object, in bytes. */
  private static final int CONTAINER = 120;

  private static final int VALUE = 72;

  private final String where;
  private final @Nullable Limit limit;
  private final int depth;
  private final MemoryBudget budget;
  private final JsonReader in;
  private final Deque<Open> open = new ArrayDeque<>();

  private JsonParser(
      String text, String where, @Nullable Limit limit, int depth, MemoryBudget budget) {
    this.where = where;
    this.limit = limit;
    this.depth = depth;
    this.budget = budget;
    this.in = new JsonReader(new StringReader(text));
    in.setStrictness(Strictness.STRICT);
    // Gson's own limit of 255 is below the depth that a valid module tree may have.
    in.setNestingLimit(depth + 1);
  }

  /**
   * {@return the document as Map with text keys in file order, List, String, Long, Double, Boolean
   * or null; maps and lists are new and modifiable}
   *
   * @param text the document
   * @param where name of the document for error messages, such as {@code best.safetensors: header}
   * @param limit the limit that the depth follows from, or null for none that can be raised
   * @param depth maximum nesting of lists and objects
   * @param budget bounds the memory
   * @throws WeightsException if it is malformed or exceeds a limit
   */
  public static @Nullable Object parse(
      String text, String where, @Nullable Limit limit, int depth, MemoryBudget budget) {
    // Gson would skip a byte order mark.
    if (text.startsWith("\uFEFF")) {
      throw new WeightsException(where + ": JSON begins with a byte order mark");
    }
    return new JsonParser(text, where, limit, depth, budget).document();
  }

  /** A list or object whose end has not been read yet. */
  private static final class Open {
    private final @Nullable Map<String, @Nullable Object> map;
    private final @Nullable List<@Nullable Object> list;
    private @Nullable String key;

    Open(@Nullable Map<String, @Nullable Object> map, @Nullable List<@Nullable Object> list) {
      this.map = map;
      this.list = list;
    }

    void add(@Nullable Object value) {
      if (list != null) {
        list.add(value);
      } else if (map != null && key != null) {
        map.put(key, value);
        key = null;
      }
    }
  }

  private @Nullable Object document() {
    try {
      Object value = next(in.peek());
      while (!open.isEmpty()) {
        step();
      }
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw error("text follows the JSON document");
      }
      return value;
    } catch (MalformedJsonException | EOFException e) {
      throw new WeightsException(where + ": not JSON: " + firstLine(e), e);
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new WeightsException(where + ": not JSON", e);
    }
  }

  private void step() throws IOException {
    Open top = open.element();
    JsonToken token = in.peek();
    switch (token) {
      case END_ARRAY -> {
        in.endArray();
        open.pop();
      }
      case END_OBJECT -> {
        in.endObject();
        open.pop();
      }
      case NAME -> top.key = key(top);
      default -> {
        Object value = next(token);
        top.add(value);
      }
    }
  }

  private String key(Open top) throws IOException {
    String key = wellFormed(in.nextName());
    charge(VALUE + 2L * key.length());
    if (top.map != null && top.map.containsKey(key)) {
      throw error("the key " + Quoting.quote(key) + " appears twice");
    }
    return key;
  }

  /** {@return the value that begins here; a list or object is still empty and on the stack} */
  private @Nullable Object next(JsonToken token) throws IOException {
    charge(VALUE);
    switch (token) {
      case BEGIN_ARRAY -> {
        checkDepth();
        in.beginArray();
        List<@Nullable Object> list = new ArrayList<>();
        // step() adds it to its parent before it is filled.
        return opened(new Open(null, list), list);
      }
      case BEGIN_OBJECT -> {
        checkDepth();
        in.beginObject();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        return opened(new Open(map, null), map);
      }
      case STRING -> {
        String text = wellFormed(in.nextString());
        charge(2L * text.length());
        return text;
      }
      case NUMBER -> {
        return number(in.nextString());
      }
      case BOOLEAN -> {
        return in.nextBoolean();
      }
      case NULL -> {
        in.nextNull();
        return null;
      }
      default -> throw error("a value is missing");
    }
  }

  private Object opened(Open container, Object value) {
    charge(CONTAINER);
    open.push(container);
    return value;
  }

  private void checkDepth() {
    if (open.size() >= depth) {
      throw error(
          "JSON is nested deeper than the limit of "
              + depth
              + (limit == null ? "" : "; " + LimitMessages.remedy(limit)));
    }
  }

  private Object number(String text) {
    if (text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new WeightsException(
            where + ": the number " + Quoting.escapeName(text) + " is too large for 64 bits", e);
      }
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw error("the number " + Quoting.escapeName(text) + " is too large");
    }
    return value;
  }

  private String wellFormed(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw error("text has an unpaired surrogate");
    }
    return text;
  }

  private void charge(long bytes) {
    if (!budget.tryReserve(bytes)) {
      throw error("JSON " + budget.exceededMessage());
    }
  }

  private WeightsException error(String problem) {
    return new WeightsException(where + ": " + problem);
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
