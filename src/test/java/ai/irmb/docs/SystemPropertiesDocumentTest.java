package ai.irmb.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/system-properties.md} names exactly the properties and variables in the sources. */
@Tag("fast")
class SystemPropertiesDocumentTest {
  /**
   * A use of a property; {@code preset} and {@code setLogLevelIfUnset} are helpers that pass their
   * argument on.
   */
  private static final Pattern USE =
      Pattern.compile(
          "(?:System\\s*\\.(?:getProperty|setProperty|clearProperty|getenv)"
              + "|Utils\\.getEnvOrSystemProperty|(?:Integer\\.getInteger|Long\\.getLong|Boolean\\.getBoolean)"
              + "|\\bpreset|\\bsetLogLevelIfUnset)\\(\\s*([^,)\\s]+)\\s*[,)]");

  private static final Pattern CONSTANT =
      Pattern.compile("static final String (\\w+) =\\s*\"([^\"]*)\"");

  /** The helpers' own parameter. */
  private static final Set<String> HANDED_ON = Set.of("property");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void pageNamesEveryProperty() throws IOException {
    Map<String, Path> used = new TreeMap<>();
    for (String root : List.of("src/main/java", "src/test/java", "src/bench/java")) {
      for (Path file : javaFiles(Path.of(root))) {
        uses(Files.readString(file)).forEach(name -> used.putIfAbsent(name, file));
      }
    }
    assertTrue(used.size() > 20, used.toString());
    assertEquals(documented(), used.keySet(), () -> used.toString());
  }

  @Test
  void findsEveryFormOfUse() {
    assertEquals(
        Set.of("a", "b", "c", "d"),
        uses(
            """
            private static final String NAME =
                "a";
            void f() { System.getProperty(NAME); System.getenv("b"); preset("c", "x");
            Boolean.getBoolean(
                "d"); preset(property, value); }
            """));
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("SystemPropertiesDocumentTest.java"))
          .toList();
    }
  }

  private static Set<String> uses(String source) {
    Map<String, String> constants =
        CONSTANT
            .matcher(source)
            .results()
            .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2), (a, b) -> a));
    Set<String> names = new TreeSet<>();
    for (MatchResult use : USE.matcher(source).results().toList()) {
      String argument = use.group(1);
      if (argument.startsWith("\"")) {
        names.add(argument.substring(1, argument.length() - 1));
      } else if (!HANDED_ON.contains(argument)) {
        String constant = constants.get(argument);
        assertNotNull(constant, () -> "neither a literal nor a constant: " + argument);
        names.add(constant);
      }
    }
    return names;
  }

  /** {@return the names in the first column of the tables} */
  private static Set<String> documented() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("docs/system-properties.md"))) {
      if (line.startsWith("| `")) {
        Matcher code = CODE.matcher(line.split("\\|", -1)[1]);
        while (code.find()) {
          names.add(code.group(1));
        }
      }
    }
    return names;
  }
}
