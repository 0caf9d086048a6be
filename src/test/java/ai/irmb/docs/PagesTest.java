package ai.irmb.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules that every page of the documentation follows. */
@Tag("fast")
class PagesTest {
  private static final int MAX_COLUMNS = 140;
  private static final Path DECISIONS = Path.of("docs", "decisions");
  private static final Path DECISIONS_INDEX = DECISIONS.resolve("README.md");
  private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)`");

  /** Pages whose text in code is about classes of this project only. */
  private static final List<String> PAGES_WITH_CLASS_NAMES =
      List.of("docs/architecture.md", "docs/agreement.md");

  @Test
  void noLineOfTextIsTooLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (MarkdownFile page : pages()) {
      boolean isCode = false;
      for (int i = 0; i < page.lines().size(); i++) {
        String line = page.lines().get(i);
        isCode ^= line.startsWith("```");
        // Neither a row of a table nor a command can be broken.
        if (!isCode && !line.startsWith("|") && line.length() > MAX_COLUMNS) {
          tooLong.add(page.path() + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), tooLong);
  }

  @Test
  void eachPageThatMentionsUpstreamDefinesIt() throws IOException {
    List<Path> undefined = new ArrayList<>();
    for (MarkdownFile page : pages()) {
      String text = String.join(" ", page.lines());
      if (text.toLowerCase(Locale.ROOT).contains("upstream") && !text.contains("(*upstream*)")) {
        undefined.add(page.path());
      }
    }
    assertEquals(List.of(), undefined);
  }

  @Test
  void everyDecisionIsInTheIndex() throws IOException {
    String index = Files.readString(DECISIONS_INDEX);
    List<Path> missing = new ArrayList<>();
    for (MarkdownFile page : decisions()) {
      if (!index.contains("](" + page.path().getFileName() + ")")) {
        missing.add(page.path());
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyDecisionHasItsSections() throws IOException {
    List<MarkdownFile> decisions = decisions();
    assertFalse(decisions.isEmpty());
    List<String> missing = new ArrayList<>();
    for (MarkdownFile page : decisions) {
      for (String section :
          List.of("# ", "**What.**", "**Why.**", "**What it buys.**", "**When it may go.**")) {
        if (page.lines().stream().noneMatch(line -> line.startsWith(section))) {
          missing.add(page.path() + ": " + section);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void namedClassesExist() throws IOException {
    Set<String> classes;
    try (Stream<Path> sources = Files.walk(Path.of("src"))) {
      classes =
          sources
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    List<String> unknown = new ArrayList<>();
    for (String page : PAGES_WITH_CLASS_NAMES) {
      Matcher names = CLASS_NAME.matcher(Files.readString(Path.of(page)));
      while (names.find()) {
        if (!classes.contains(names.group(1))) {
          unknown.add(page + ": " + names.group(1));
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static List<MarkdownFile> decisions() throws IOException {
    return pages().stream()
        .filter(page -> page.path().startsWith(DECISIONS) && !page.path().equals(DECISIONS_INDEX))
        .toList();
  }

  /** Every page but the one that is written from the options' own descriptions. */
  private static List<MarkdownFile> pages() throws IOException {
    List<MarkdownFile> pages = new ArrayList<>(MarkdownFile.all());
    pages.removeIf(page -> page.path().equals(Path.of("docs", "options.md")));
    try (Stream<Path> cards = Files.list(Path.of("models"))) {
      for (Path card : cards.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
        pages.add(MarkdownFile.read(card));
      }
    }
    return pages;
  }
}
