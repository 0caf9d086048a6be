package ai.irmb.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.CountedText;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class DecimalTextTest {
  /** The grammars, as expressions that are slow for long text only. */
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  @Test
  void acceptsWhatTheGrammarAccepts() {
    Random random = new Random(1);
    String characters = "+-.eE0159x _\u0661";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(8);
      while (text.length() < length) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      assertEquals(INTEGER.matcher(text).matches(), DecimalText.isInteger(text), text::toString);
      boolean isNumber = NUMBER.matcher(text).matches();
      assertEquals(isNumber, DecimalText.isNumber(text), text::toString);
      if (isNumber) {
        Double.parseDouble(text.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1e", "1.", "-", "1e1", ".1", "0", "+-", "E"})
  void readsEachCharacterAFixedNumberOfTimes(String unit) {
    for (String end : new String[] {"", "x", "e5", "."}) {
      CountedText text = new CountedText(unit.repeat(20_000) + end);
      DecimalText.isNumber(text);
      DecimalText.isInteger(text);
      assertTrue(text.reads() <= 10L * text.length(), text.reads() + " reads");
    }
  }

  @Test
  void numbersAreWrittenAsCDoes() {
    double[] values = {0, 0.5, 0.1234565, 0.00001234565, 1, 123456, 1234567, 0.0001, 1e-10, 100000};
    List<String> expected =
        List.of(
            "0",
            "0.5",
            "0.123456",
            "1.23456e-05",
            "1",
            "123456",
            "1.23457e+06",
            "0.0001",
            "1e-10",
            "100000");
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected.get(i), DecimalText.general(values[i]));
    }
  }
}
