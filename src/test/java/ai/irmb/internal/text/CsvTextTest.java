package ai.irmb.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class CsvTextTest {
  @ParameterizedTest
  @CsvSource({
    "=1+1, '''=1+1'",
    "+1, '''+1'",
    "-1, '''-1'",
    "@x, '''@x'",
    "' =1', ''' =1'",
    "＝1, '''＝1'",
    "'a,b', '\"a,b\"'",
    "a=b, a=b",
    "人, 人"
  })
  void cellsAreNoFormulas(String text, String cell) {
    assertEquals(cell, CsvText.cell(text));
  }

  @Test
  void cellsHaveNoControlCharacters() {
    assertEquals("\\u0009=1", CsvText.cell("\t=1"));
    assertEquals("\\u000d=1", CsvText.cell("\r=1"));
    assertEquals("a\\u000ab\\u001b[2J\\u202e", CsvText.cell("a\nb\u001b[2J\u202e"));
  }
}
