package ai.irmb.internal.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class QuotingTest {
  private static final String[] UNSAFE = {
    "\u0000",
    "\u001b[2J",
    "\u009b31m",
    "\r",
    "\n",
    "\t",
    "\u007f",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u202a",
    "\u2066",
    "\u2069",
    "\u200e",
    "\u200f",
    "\u061c",
    "\ufeff",
    "\u00ad",
    "\ud800",
    "\udc00",
    "\udb40\udc41"
  };

  private static boolean isSafe(String text) {
    return text.codePoints()
        .noneMatch(
            c ->
                c < ' '
                    || (c >= 0x7f && c < 0xa0)
                    || (c >= 0x2028 && c <= 0x202e)
                    || (c >= 0x2060 && c <= 0x2069)
                    || (c >= 0xd800 && c <= 0xdfff)
                    || (c >= 0xe0000 && c <= 0xe007f)
                    || c == 0xad
                    || c == 0x61c
                    || c == 0x200e
                    || c == 0x200f
                    || c == 0xfeff);
  }

  @Test
  void nothingThatSteersATerminalPasses() {
    for (String each : UNSAFE) {
      String text = "a" + each + "b";
      assertTrue(isSafe(Quoting.escape(text)), Quoting.escape(text));
      assertTrue(isSafe(Quoting.quote(text)));
      assertTrue(isSafe(Quoting.escapeName(text)));
      assertTrue(isSafe(Quoting.escapeMessage(text)));
    }
    String all =
        IntStream.rangeClosed(0, 0xffff)
            .collect(
                StringBuilder::new, (s, c) -> s.append((char) c).append(' '), StringBuilder::append)
            .toString();
    assertTrue(isSafe(Quoting.escape(all)));
  }

  @ParameterizedTest
  @CsvSource({"Größe", "人", "हिन्दी", "العربية", "👩‍🔬", "می‌خواهم", "C:\\x \"y\""})
  void readableTextIsLeftAlone(String text) {
    assertEquals(text, Quoting.escape(text));
  }

  @Test
  void truncationNeverSplitsASurrogatePair() {
    for (int before = 0; before < 4; before++) {
      String text = "x".repeat(before) + "😀".repeat(2000);
      assertTrue(isSafe(Quoting.quote(text)));
      assertTrue(!Quoting.quote(text).contains("\\u"), Quoting.quote(text));
      assertTrue(!Quoting.escapeName(text).contains("\\u"));
      assertTrue(!Quoting.escapeMessage(text).contains("\\u"));
    }
  }
}
