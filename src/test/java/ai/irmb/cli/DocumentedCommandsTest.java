package ai.irmb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.docs.MarkdownFile;
import ai.irmb.docs.MarkdownFile.Block;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Every {@code java -jar target/irmb.jar …} in the documentation is one that the commands take. */
class DocumentedCommandsTest {
  private static final String START = "java -jar target/irmb.jar ";

  @Test
  void everyCommandInTheDocumentationIsTaken() throws IOException {
    List<String> refused = new ArrayList<>();
    int seen = 0;
    for (MarkdownFile page : MarkdownFile.all()) {
      for (Block block : page.blocks()) {
        for (String line : block.text()) {
          int start = line.indexOf(START);
          if (start < 0) {
            continue;
          }
          seen++;
          String command =
              line.substring(start + START.length()).replaceFirst(" *(&&|#|>|\\|).*", "");
          try {
            Main.commandLine().parseArgs(command.replace("\"", "").split(" +", -1));
          } catch (ParameterException e) {
            refused.add(block.place() + ": " + command + ": " + e.getMessage());
          }
        }
      }
    }
    assertEquals(List.of(), refused);
    assertTrue(seen >= 5, "found only " + seen);
  }
}
