package ai.irmb.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class JsonTest {
  private static @Nullable Object parse(String text) {
    return JsonParser.parse(text, "a.json", null, 8, new MemoryBudget(text.length()));
  }

  @Test
  void keepsOrderAndTypesOfValues() {
    Object value = parse(" {\"b\":[1,-2.5,1e3,true,null,\"x\\u00e9\\n\"],\"a\":{}} ");
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("b", Arrays.asList(1L, -2.5, 1000.0, true, null, "xé\n"));
    expected.put("a", Map.of());
    assertEquals(expected, value);
    assertEquals("{\"b\":[1,-2.5,1000.0,true,null,\"xé\\n\"],\"a\":{}}", JsonWriter.write(value));
  }

  @Property(tries = 200)
  void readsBackNumbersAndTextExactly(
      @ForAll double number, @ForAll long integer, @ForAll String text, @ForAll boolean truth) {
    String plain = text.replaceAll("\\p{Cs}", "");
    double finite = Double.isFinite(number) ? number : 0.5;
    List<Object> value = new ArrayList<>(List.of(finite, integer, plain, truth, Map.of(plain, 1L)));
    assertEquals(value, parse(JsonWriter.write(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{'a':1}",
        "[1] x",
        "[1][2]",
        "NaN",
        "[Infinity]",
        "[01]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[0x1]",
        "// c\n1",
        "[1 2]",
        "TRUE",
        "\uFEFF[]",
        "[\"\t\"]",
        "[\"\\x\"]",
        "[\"\\ud800\"]",
        "[1e999]",
        "[9223372036854775808]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[[[[[[[[[1]]]]]]]]]",
        ")]}'\n[]",
        "[1;2]",
        "{\"a\"=1}",
        "[tru]",
        "[\"",
        "[-]"
      })
  void refusesNonStandardJsonAndExceededLimits(String text) {
    WeightsException e = assertThrows(WeightsException.class, () -> parse(text));
    assertTrue(String.valueOf(e.getMessage()).startsWith("a.json: "), e.getMessage());
  }

  @Test
  void stopsAtTheMemoryBudget() {
    String wide = "[" + "[],".repeat(1_000_000) + "[]]";
    WeightsException e = assertThrows(WeightsException.class, () -> parse(wide));
    assertTrue(String.valueOf(e.getMessage()).contains("memory limit"));
  }

  @Test
  void refusesToWriteNan() {
    assertThrows(IllegalArgumentException.class, () -> JsonWriter.write(Double.NaN));
  }
}
