package ai.irmb.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page of the documentation and its blocks of code.
 *
 * @param path from the repository's top
 * @param lines its text
 */
public record MarkdownFile(Path path, List<String> lines) {
  private static final Path TOP = Path.of("");

  /**
   * A block of code.
   *
   * @param place page and line, for messages
   * @param language the language after the opening fence, may be empty
   * @param mark the text of an HTML comment directly above, may be empty
   * @param text the lines within
   */
  public record Block(String place, String language, String mark, List<String> text) {
    @Override
    public String toString() {
      return place;
    }
  }

  /** {@return the README and every page below {@code docs} and {@code .github}} */
  public static List<MarkdownFile> all() throws IOException {
    List<MarkdownFile> files = new ArrayList<>(List.of(read(TOP.resolve("README.md"))));
    for (String folder : List.of("docs", ".github")) {
      try (Stream<Path> paths = Files.walk(TOP.resolve(folder))) {
        for (Path path : paths.sorted().toList()) {
          if (path.toString().endsWith(".md") && !path.toString().contains("target")) {
            files.add(read(path));
          }
        }
      }
    }
    return files;
  }

  /** {@return a page} */
  public static MarkdownFile read(Path path) throws IOException {
    return new MarkdownFile(path, Files.readAllLines(path, StandardCharsets.UTF_8));
  }

  /** {@return the fenced blocks, in order} */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("```")) {
        continue;
      }
      int end = i + 1;
      while (!lines.get(end).equals("```")) {
        end++;
      }
      blocks.add(
          new Block(
              path + ":" + (i + 1),
              lines.get(i).substring(3).trim(),
              mark(i),
              lines.subList(i + 1, end)));
      i = end;
    }
    return blocks;
  }

  private String mark(int fence) {
    String above = fence == 0 ? "" : lines.get(fence - 1).trim();
    return above.startsWith("<!--") && above.endsWith("-->")
        ? above.substring(4, above.length() - 3).trim()
        : "";
  }
}
