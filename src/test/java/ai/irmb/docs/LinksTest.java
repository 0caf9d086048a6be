package ai.irmb.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Relative links in the documentation point to existing files and headings. */
@Tag("fast")
class LinksTest {
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|src(?:set)?=\"([^\"]+)\"");

  @Test
  void everyLinkedFileAndHeadingExists() throws IOException {
    List<String> broken = new ArrayList<>();
    for (MarkdownFile page : MarkdownFile.all()) {
      Matcher links = LINK.matcher(String.join("\n", page.lines()));
      while (links.find()) {
        String link = links.group(1) == null ? links.group(2) : links.group(1);
        if (!link.contains("://") && !exists(page.path(), link)) {
          broken.add(page.path() + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static boolean exists(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0
        || MarkdownFile.read(target).lines().stream()
            .anyMatch(
                line -> line.startsWith("#") && anchor(line).equals(link.substring(hash + 1)));
  }

  /** GitHub's anchor of a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ *", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{Alnum} _-]", "")
        .replace(' ', '-');
  }
}
