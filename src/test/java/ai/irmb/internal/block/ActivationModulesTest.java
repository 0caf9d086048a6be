package ai.irmb.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.CountedText;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
class ActivationModulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nn.SiLU()|true",
        "' torch.nn.LeakyReLU( 0.1 ) '|true",
        "'LeakyReLU(negative_slope = 1e-2, inplace=True)'|true",
        "'nn.LeakyReLU(0.1, 0.1, 0.1)'|false",
        "nn.LeakyReLU(negative_slope)|false",
        "nn.LeakyReLU(0.1|false",
        "nn.SiLU().forward|false",
        "eval(1)|false"
      })
  void parsesCallsOfActivationsOnly(String text, boolean isActivation) {
    assertEquals(isActivation, ActivationModules.parse(text).isPresent());
  }

  /** Units that a backtracking expression tries in several places. */
  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "a", "1", "e", "a=", "1,", "(", ")", "nn.", "True"})
  void readsLongTextInLinearTime(String unit) {
    for (String frame :
        new String[] {"%s", "nn.ReLU(%s)", "nn.ReLU(%sx)", "nn.ReLU(inplace%s=1)"}) {
      for (int count : new int[] {20, 40, 20_000}) {
        CountedText text = new CountedText(frame.formatted(unit.repeat(count)));
        ActivationModules.parse(text);
        assertTrue(text.reads() <= 10L * text.length(), text.reads() + " reads");
      }
    }
  }
}
