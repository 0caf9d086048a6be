package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.draw.DrawOptions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Tag("fast")
class DrawingOptionsTest {
  private static DrawOptions parsed(String... args) {
    DrawingOptions options = new DrawingOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return options.options();
  }

  @Test
  void defaultsAreThoseOfJava() {
    assertEquals(DrawOptions.DEFAULTS, parsed());
  }

  @Test
  void setsEveryOption() {
    DrawOptions expected =
        new DrawOptions(
            3,
            20,
            Set.of(DrawOptions.LabelPart.CLASS, DrawOptions.LabelPart.TRACK),
            DrawOptions.ColorBy.TRACK,
            List.of(0xFF0000, 0x00FF00),
            DrawOptions.Hide.BLUR,
            0.5);
    assertEquals(
        expected,
        parsed(
            "--line-width=3",
            "--font-size=20",
            "--labels=class,track",
            "--color-by=track",
            "--palette=ff0000,#00FF00",
            "--hide=blur",
            "--mask-opacity=0.5"));
    assertEquals(Set.of(), parsed("--labels=none").labels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--line-width=-1|--line-width: expected 0 to 1000 pixels, found -1.0",
        "--mask-opacity=2|--mask-opacity: expected 0 to 1, found 2.0",
        "--labels=name|--labels: expected track, class, confidence or none, found name",
        "--labels=none,class|--labels: none excludes the other parts",
        "--palette=red|--palette: expected six hexadecimal digits such as ff0000, found red",
      })
  void refusesOtherValues(String argument, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parsed(argument));
    assertEquals(message, e.getMessage());
  }
}
