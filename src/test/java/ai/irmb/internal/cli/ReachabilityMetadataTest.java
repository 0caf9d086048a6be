package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.AnnotatedElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The metadata for native images names each class of the command line that picocli reads by
 * reflection. After a change: {@code mvn test -Dtest=ReachabilityMetadataTest -Dirmb.docs=write}.
 */
@Tag("fast")
class ReachabilityMetadataTest {
  private static final Path METADATA =
      Path.of(
          "src/main/resources/META-INF/native-image/ai.irmb/irmb-detector",
          "reachability-metadata.json");

  @Test
  void namesWhatPicocliReads() throws Exception {
    String expected = metadata();
    if ("write".equals(System.getProperty("irmb.docs"))) {
      Files.writeString(METADATA, expected, StandardCharsets.UTF_8);
    }
    assertEquals(expected, Files.readString(METADATA, StandardCharsets.UTF_8));
  }

  private static String metadata() throws Exception {
    String types =
        annotated().stream()
            .map(
                name ->
                    "    { \"type\": \""
                        + name
                        + "\", \"allDeclaredConstructors\": true, \"allDeclaredFields\": true,"
                        + " \"allDeclaredMethods\": true }")
            .collect(Collectors.joining(",\n"));
    return """
    {
      "reflection": [
    %s
      ],
      "resources": [
        { "glob": "ai/irmb/configs/*.yaml" },
        { "glob": "ai/irmb/internal/engine/versions.properties" }
      ]
    }
    """
        .formatted(types);
  }

  private static List<String> annotated() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names;
    try (Stream<Path> files = Files.list(classes.resolve("ai/irmb/internal/cli"))) {
      names =
          files
              .map(file -> classes.relativize(file).toString())
              .filter(file -> file.endsWith(".class") && !file.contains("package-info"))
              .map(file -> file.replace(".class", "").replace('/', '.').replace('\\', '.'))
              .sorted()
              .toList();
    }
    ClassLoader loader = ReachabilityMetadataTest.class.getClassLoader();
    List<String> read = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, loader);
      boolean isRead =
          Stream.of(new Class<?>[] {type}, type.getDeclaredFields(), type.getDeclaredMethods())
              .flatMap(Arrays::stream)
              .map(AnnotatedElement.class::cast)
              .anyMatch(ReachabilityMetadataTest::isPicocli);
      if (isRead) {
        read.add(name);
      }
    }
    return read;
  }

  private static boolean isPicocli(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(a -> a.annotationType().getName().startsWith("picocli."));
  }
}
