package ai.irmb.internal.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import ai.irmb.WriteOptions;
import ai.irmb.draw.DrawOptions;
import ai.irmb.validate.ValidateOptions;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every option of the records can be set in Java and on the command line, under one name. */
@Tag("fast")
class OptionNamesTest {
  /** Height and width are one option; the detector's options are options of their own. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "height",
          "--size",
          "width",
          "--size",
          "slices",
          "--slice",
          "classNames",
          "--classes",
          "limits",
          "--limit");

  /** On by default, so that the command line has the opposite. */
  private static final Set<String> NEGATED = Set.of("rectangular");

  /** A command makes one call at a time, and takes the names from the model. */
  private static final Set<String> ONLY_IN_JAVA = Set.of("maxConcurrency", "names", "options");

  private static String optionName(String javaName) {
    if (NEGATED.contains(javaName)) {
      return "--no-" + javaName;
    }
    return OTHERWISE.getOrDefault(javaName, OptionNames.of(javaName));
  }

  private static List<String> names(Class<?> options) {
    return Arrays.stream(options.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        DetectorSettings.class,
        DetectOptions.class,
        WriteOptions.class,
        DrawOptions.class
      })
  void detectHasEveryOption(Class<?> options) {
    CommandLine detect = requireNonNull(Main.commandLine().getSubcommands().get("detect"));
    for (String name : names(options)) {
      if (!ONLY_IN_JAVA.contains(name)) {
        assertNotNull(detect.getCommandSpec().findOption(optionName(name)), name);
      }
    }
  }

  @Test
  void validateHasEveryOption() {
    CommandLine validate = requireNonNull(Main.commandLine().getSubcommands().get("validate"));
    for (String name : names(ValidateOptions.class)) {
      assertNotNull(validate.getCommandSpec().findOption(optionName(name)), name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        DetectorSettings.class,
        DetectOptions.class,
        ValidateOptions.class,
        WriteOptions.class,
        DrawOptions.class
      })
  void everyOptionHasAWithMethod(Class<?> options) {
    Set<String> methods =
        Set.copyOf(Arrays.stream(options.getMethods()).map(m -> m.getName()).toList());
    for (String name : names(options)) {
      boolean isSide = name.equals("height") || name.equals("width");
      String method =
          "with"
              + (isSide
                  ? "Size"
                  : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
      assertTrue(methods.contains(method), method);
    }
  }

  @Test
  void builderHasEverySetting() {
    List<String> methods =
        Arrays.stream(Detector.Builder.class.getMethods()).map(m -> m.getName()).toList();
    assertTrue(methods.containsAll(names(DetectorSettings.class)));
  }

  private static DetectionOptions parsed(String... args) {
    DetectionOptions options = new DetectionOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return options;
  }

  @Test
  void defaultsOfTheCommandLineAreThoseOfJava() {
    DetectionOptions options = parsed();
    assertEquals(DetectOptions.DEFAULTS, options.options());
  }

  @ParameterizedTest
  @CsvSource({
    "confidenceThreshold, --conf-thres",
    "iouThreshold, --iou-thres",
    "classAgnostic, --agnostic-nms",
    "maxDetections, --max-det",
    "batchSize, --batch-size",
    "masks, --masks"
  })
  void nameIsUpstreamsOrTheJavaNameWithHyphens(String javaName, String expected) {
    assertEquals(expected, OptionNames.of(javaName));
  }

  @Test
  void messagesNameTheOptionOfTheCommandLine() {
    DetectionOptions options = parsed("--conf-thres", "2");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, options::options);
    assertEquals("--conf-thres: expected 0 to 1, found 2.0", e.getMessage());
  }
}
