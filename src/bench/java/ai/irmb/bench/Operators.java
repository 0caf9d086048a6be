package ai.irmb.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a pass spends its time, by the engine's operators, from a trace of the engine's own. */
final class Operators {
  private Operators() {}

  /**
   * @param name of an operator
   * @param calls in a pass
   * @param millis in a pass, without what it called
   */
  record Share(String name, long calls, double millis) {}

  private record Event(String name, double start, double end) {}

  /** {@return the operators, the longest first} */
  static List<Share> of(Path trace, int passes) throws IOException {
    List<Event> events = new ArrayList<>();
    for (JsonElement element : array(Files.readString(trace, StandardCharsets.UTF_8))) {
      JsonObject event = element.getAsJsonObject();
      if (event.has("dur")) {
        double start = event.get("ts").getAsDouble();
        double end = start + event.get("dur").getAsDouble();
        events.add(new Event(event.get("name").getAsString(), start, end));
      }
    }
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Comparator.comparingDouble(Event::end).reversed()));
    Map<String, Sum> sums = new LinkedHashMap<>();
    Deque<Open> open = new ArrayDeque<>();
    for (Event event : events) {
      while (!open.isEmpty() && open.peek().end() <= event.start()) {
        open.pop();
      }
      double length = event.end() - event.start();
      if (!open.isEmpty()) {
        open.peek().sum().micros -= length;
      }
      Sum sum = sums.computeIfAbsent(event.name(), name -> new Sum());
      sum.calls++;
      sum.micros += length;
      open.push(new Open(event.end(), sum));
    }
    List<Share> shares = new ArrayList<>();
    sums.forEach(
        (name, sum) -> shares.add(new Share(name, sum.calls / passes, sum.micros / 1e3 / passes)));
    shares.sort(Comparator.comparingDouble(Share::millis).reversed());
    return shares;
  }

  /** An operator that later ones may lie within. */
  private record Open(double end, Sum sum) {}

  private static final class Sum {
    private long calls;
    private double micros;
  }

  private static JsonArray array(String trace) {
    JsonElement root = JsonParser.parseString(trace);
    return root.isJsonArray()
        ? root.getAsJsonArray()
        : root.getAsJsonObject().getAsJsonArray("traceEvents");
  }
}
