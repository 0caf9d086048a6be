package ai.irmb.internal.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class ClassNamesTest {
  private static ClassNames names() {
    return new ClassNames(Limits.DEFAULTS, IllegalArgumentException::new);
  }

  private static void assertRefused(String words, Executable put) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, put).getMessage());
    assertTrue(message.contains(words), message);
  }

  @Test
  void keepsNamesById() {
    ClassNames names = names();
    names.put("10", "a");
    names.put(0, "b");
    names.put("65535", "");
    assertEquals(Map.of(10, "a", 0, "b", 65_535, ""), names.byId());
  }

  @ParameterizedTest
  @CsvSource({
    "00, without leading zeros",
    "007, the same class as 7",
    "-1, from 0 to 65535",
    "+1, from 0 to 65535",
    "65536, --limit classes",
    "99999999999999999999, from 0 to 65535",
    "1.0, from 0 to 65535",
    "'', from 0 to 65535",
    "\u0661, from 0 to 65535"
  })
  void refusesIdsThatAreAmbiguousOrOutOfRange(String id, String words) {
    assertRefused(words, () -> names().put(id, "a"));
  }

  @Test
  void refusesAnIdThatOccursTwice() {
    ClassNames names = names();
    names.add("a");
    assertRefused("the class id 0 occurs twice", () -> names.put("0", "a"));
  }

  @Test
  void boundsTheLengthOfOneNameAndOfAll() {
    names().add("n".repeat(1_000));
    assertRefused("--limit class-name-length", () -> names().add("n".repeat(1_001)));
    ClassNames names = names();
    String name = "n".repeat(1_000);
    int most = (int) (Limit.CLASS_NAMES_LENGTH.defaultValue() / name.length());
    for (int i = 0; i < most; i++) {
      names.add(name);
    }
    assertRefused("--limit class-names-length", () -> names.add(name));
  }
}
