package ai.irmb.internal.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes fields of a safetensors header. */
final class SafetensorsHeaderMutator {
  private static final String[] VALUES = {
    "0",
    "1",
    "2",
    "3",
    "8",
    "-1",
    "-0",
    "1.0",
    "1e2",
    "1e400",
    "0.5",
    "2147483647",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "true",
    "null",
    "\"\"",
    "\"F32\"",
    "\"F16\"",
    "\"BF16\"",
    "\"F64\"",
    "\"I64\"",
    "\"f32\"",
    "\"F8_E4M3\"",
    "\"U8\"",
    "[]",
    "{}",
    "[1]",
    "[0,0]",
    "[[]]",
    "[4294967296,4294967296]",
    "[0,9223372036854775807]",
    "NaN",
    "01",
    "'x'",
    "\"\\ud800\"",
    "\"a\nb\"",
    "\"\\u0000\"",
    "\"nc: 2\"",
    "\"[1, 2]\"",
    "{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}"
  };

  private final Random random;
  private final JsonObject json;

  private SafetensorsHeaderMutator(JsonObject json, Random random) {
    this.json = json;
    this.random = random;
  }

  /** {@return the JSON of a file's header, parsed leniently} */
  static JsonObject header(byte[] file) {
    return JsonParser.parseString(text(file)).getAsJsonObject();
  }

  private static String text(byte[] file) {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    return new String(file, 8, length, StandardCharsets.UTF_8);
  }

  /** {@return a file whose header differs from this one's in one or two fields} */
  static byte[] mutate(byte[] file, Random random) {
    String text = text(file);
    byte[] head = text.getBytes(StandardCharsets.UTF_8);
    SafetensorsHeaderMutator mutation = new SafetensorsHeaderMutator(header(file), random);
    String changed = mutation.change();
    byte[] header = changed.getBytes(StandardCharsets.UTF_8);
    int data = file.length - 8 - head.length;
    long length = random.nextInt(40) == 0 ? random.nextLong() : header.length;
    return ByteBuffer.allocate(8 + header.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .put(file, 8 + head.length, data)
        .array();
  }

  private String change() {
    List<String> names = new ArrayList<>(json.keySet());
    String name = names.get(random.nextInt(names.size()));
    JsonObject entry = json.getAsJsonObject(name);
    String mark = "\"§\"";
    switch (random.nextInt(8)) {
      case 0 -> json.remove(name);
      case 1 -> {
        json.remove(name);
        json.add(name + (random.nextBoolean() ? "x" : "\u0000"), entry);
      }
      case 2 -> json.add(name, json.get(names.get(random.nextInt(names.size()))));
      case 3 -> json.add(name, new JsonPrimitive("§"));
      case 4 -> entry.add(key(entry), new JsonPrimitive("§"));
      case 5 -> entry.add("extra", new JsonPrimitive("§"));
      case 6 -> nudge(entry);
      default -> entry.remove(key(entry));
    }
    String value = VALUES[random.nextInt(VALUES.length)];
    String out = json.toString().replace(mark, value);
    if (random.nextInt(10) == 0) {
      // A duplicate of the entry, which parsing into a map would hide.
      String again = "\"" + name + "\":" + (random.nextBoolean() ? value : entry);
      out = out.substring(0, out.length() - 1) + "," + again + "}";
    }
    return out;
  }

  private String key(JsonObject entry) {
    List<String> keys = new ArrayList<>(entry.keySet());
    return keys.isEmpty() ? "none" : keys.get(random.nextInt(keys.size()));
  }

  /** Changes one number of a list slightly. */
  private void nudge(JsonObject entry) {
    JsonElement value = entry.get(key(entry));
    if (value instanceof JsonArray list && !list.isEmpty()) {
      int at = random.nextInt(list.size());
      list.set(at, new JsonPrimitive(list.get(at).getAsLong() + random.nextInt(9) - 4));
    }
  }
}
