package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** {@code docs/errors.md} and {@code SECURITY.md} agree with the code. */
@Tag("engine")
class ErrorsDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+Exception)` \\| .* \\| `([^`]+)` \\|");

  private static final Map<Class<?>, Executable> EXAMPLES =
      Map.of(
          ModelConfigException.class,
              () -> ModelConfig.parse("bad.yaml", utf8("nc: 80"), defaults()),
          WeightsException.class, () -> Detector.load("nowhere.pt"),
          ImageException.class, () -> RgbImage.read(utf8("Dear all,"), "notes.jpg"),
          InferenceException.class, ErrorsDocumentTest::halfPrecisionOnTheCpu,
          DatasetException.class, () -> DatasetConfig.read(Path.of("nowhere.yaml"), defaults()));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Limits defaults() {
    return Limits.DEFAULTS;
  }

  private static void halfPrecisionOnTheCpu() {
    Detector.builder()
        .weights(Path.of("models/bccd-yolov5n_iRMB.pt"))
        .device("cpu")
        .precision(Precision.FP16)
        .build()
        .close();
  }

  /** Each exception has a row with an example message, word for word. */
  @Test
  void eachExceptionHasARowWithAnActualMessage() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/errors.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), row.group(2));
      }
    }
    Map<String, String> actual = new TreeMap<>();
    for (Class<?> kind : IrmbException.class.getPermittedSubclasses()) {
      Executable example = EXAMPLES.get(kind);
      assertNotNull(example, kind + " has no example");
      try {
        example.execute();
      } catch (Throwable e) {
        assertEquals(kind, e.getClass());
        actual.put(kind.getSimpleName(), String.valueOf(e.getMessage()));
      }
    }
    assertEquals(actual, documented);
  }

  @Test
  void everyPromiseNamesTestsThatExist() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(".github/SECURITY.md"));
    TreeSet<String> tests = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files.forEach(file -> tests.add(String.valueOf(file.getFileName())));
    }
    IntStream.rangeClosed(1, 10)
        .forEach(
            number -> {
              String row =
                  lines.stream()
                      .filter(line -> line.startsWith("| P" + number + " |"))
                      .findFirst()
                      .orElseThrow();
              Matcher name =
                  Pattern.compile("`(\\w+Test)`").matcher(row.substring(row.lastIndexOf(" | ")));
              assertTrue(name.find(), row);
              do {
                assertTrue(tests.contains(name.group(1) + ".java"), name.group(1));
              } while (name.find());
            });
  }
}
