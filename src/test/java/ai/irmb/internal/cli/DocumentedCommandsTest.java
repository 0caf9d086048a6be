package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.docs.MarkdownFile;
import ai.irmb.docs.MarkdownFile.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/**
 * Every shell command in the documentation is one that would be taken: the library's by its parser,
 * Maven's with profiles, properties, folders and tests that are there, others by a script or test
 * that runs them.
 */
@Tag("fast")
class DocumentedCommandsTest {
  private static final Pattern INLINE = Pattern.compile("`((?:java|mvn) [^`]+)`");
  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

  /** A bar between two commands, not one inside single quotes. */
  static final String PIPE = " \\| (?=(?:[^']*'[^']*')*[^']*$)";

  private static final List<String> JAR = List.of("java", "-jar", "target/irmb.jar");

  /** A command and where it stands. */
  private record Command(String place, List<String> words) {}

  @Test
  void everyCommandWouldBeTaken() throws IOException {
    List<String> refused = new ArrayList<>();
    int ours = 0;
    for (Command command : commands()) {
      List<String> words = command.words();
      if (words.size() > 3 && words.subList(0, 3).equals(JAR)) {
        ours++;
        try {
          Main.commandLine().parseArgs(words.subList(3, words.size()).toArray(String[]::new));
        } catch (ParameterException e) {
          refused.add(command + ": " + e.getMessage());
        }
      } else if (words.get(0).equals("mvn")) {
        maven(words).forEach(problem -> refused.add(command + ": " + problem));
      } else if (!isRunElsewhere(words)) {
        refused.add(command + ": nothing says that this works");
      }
    }
    assertEquals(List.of(), refused);
    assertTrue(ours >= 10, "found only " + ours);
  }

  private static List<Command> commands() throws IOException {
    List<Command> commands = new ArrayList<>();
    for (MarkdownFile page : MarkdownFile.all()) {
      for (Block block : page.blocks()) {
        if (block.language().isEmpty() || block.language().equals("sh")) {
          for (String line : block.text()) {
            for (String each : line.replaceFirst(" #.*", "").split("&&|;|" + PIPE, -1)) {
              add(block.place(), each, commands);
            }
          }
        }
      }
      for (int i = 0; i < page.lines().size(); i++) {
        Matcher inline = INLINE.matcher(page.lines().get(i));
        while (inline.find()) {
          add(page.path() + ":" + (i + 1), inline.group(1), commands);
        }
      }
    }
    return commands;
  }

  private static void add(String place, String text, List<Command> commands) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.add(word.group().replaceAll("[\"']", ""));
    }
    if (!words.isEmpty() && words.get(0).matches("[a-z.][\\w./-]*")) {
      commands.add(new Command(place, words));
    }
  }

  private static List<String> maven(List<String> words) throws IOException {
    List<String> problems = new ArrayList<>();
    int file = words.indexOf("-f");
    Path pom = Path.of(file < 0 ? "" : words.get(file + 1)).resolve("pom.xml");
    if (!Files.exists(pom)) {
      return List.of(pom + " is not there");
    }
    String text = Files.readString(pom, StandardCharsets.UTF_8);
    for (String word : words) {
      if (word.startsWith("-P")) {
        for (String profile : word.substring(2).split(",", -1)) {
          if (!text.contains("<id>" + profile + "</id>")) {
            problems.add("there is no profile " + profile);
          }
        }
      } else if (word.startsWith("-Dtest=")) {
        for (String test : word.substring("-Dtest=".length()).split(",", -1)) {
          if (!isTest(test)) {
            problems.add("there is no test " + test);
          }
        }
      } else if (word.startsWith("-Dirmb.")) {
        String property = word.substring(2).replaceFirst("=.*", "");
        if (!text.contains(property) && !isReadByATest(property)) {
          problems.add("nothing reads " + property);
        }
      }
    }
    return problems;
  }

  private static boolean isTest(String name) throws IOException {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      return files.anyMatch(f -> f.endsWith(name + ".java"));
    }
  }

  private static boolean isReadByATest(String property) throws IOException {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      for (Path each : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (Files.readString(each, StandardCharsets.UTF_8).contains('"' + property + '"')) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isRunElsewhere(List<String> words) {
    if (words.get(0).startsWith(".ci/")) {
      return Files.isExecutable(Path.of(words.get(0)));
    }
    // .ci/examples packs the plain example.
    if (words.contains("plain-1.jar") || words.get(0).equals("jlink")) {
      return true;
    }
    // PipesTest runs the pipes.
    return Set.of("jq", "head", "cat", "find").contains(words.get(0))
        || words.contains("docs/examples/plain/target/plain-1.jar")
        || words.contains("docs/examples/spring-boot/target/service.jar")
        || words.contains("http://localhost:8080/detect");
  }
}
