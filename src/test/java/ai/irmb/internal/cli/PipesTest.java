package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.docs.MarkdownFile;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Detections on standard output, images on standard input, and the pipes of {@code
 * docs/results.md}: this process is the command of the library in them.
 */
@Tag("engine")
class PipesTest {
  private static final String DETECT = "java -jar target/irmb.jar ";
  private static final String IMAGE = "models/sample/blood-cells.jpg";

  @TempDir private Path folder = Path.of("");

  private final StringWriter err = new StringWriter();

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.exists(Path.of("/bin/bash")));
  }

  private String run(byte[] input, String... arguments) {
    InputStream before = System.in;
    StringWriter out = new StringWriter();
    try {
      System.setIn(new ByteArrayInputStream(input));
      int code = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
      assertEquals(0, code, err.toString());
    } finally {
      System.setIn(before);
    }
    return out.toString();
  }

  private byte[] shell(String command, byte[] input) throws IOException, InterruptedException {
    Path in = Files.write(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals(0, process.waitFor(), command);
    return Files.readAllBytes(out);
  }

  static Stream<Arguments> pipes() {
    return Stream.of(
        Arguments.of("--json - models/sample | jq", "15\n"),
        Arguments.of("jq -r", "blood-cells.jpg\nWBC\nRBC\n"),
        Arguments.of("head -1", "{\"image\":\"blood-cells.jpg\","),
        Arguments.of("--csv - -", ",track,frame\r\n'-,1,WBC,0.8"),
        Arguments.of("--coco - @-", "15\n"),
        Arguments.of("--label-studio -", "/data/local-files/?d=models/sample/blood-cells.jpg"));
  }

  @ParameterizedTest
  @MethodSource("pipes")
  void documentedPipeWorks(String part, String expected) throws Exception {
    List<String> lines =
        MarkdownFile.all().stream()
            .filter(page -> page.path().endsWith("results.md"))
            .flatMap(page -> page.lines().stream())
            .filter(line -> line.contains(DETECT) && line.contains(part))
            .toList();
    List<String> parts = Arrays.asList(lines.get(0).split(DocumentedCommandsTest.PIPE, -1));
    assumeTrue(!lines.get(0).contains("jq") || Files.exists(Path.of("/usr/bin/jq")));
    byte[] text = {};
    for (String each : parts) {
      text =
          each.startsWith(DETECT)
              ? run(text, each.substring(DETECT.length()).split(" ", -1))
                  .getBytes(StandardCharsets.UTF_8)
              : shell(each, text);
    }
    String result = new String(text, StandardCharsets.UTF_8);
    assertTrue(result.contains(expected), result);
  }

  @Test
  void linesAreObjectsOfTheList() throws IOException {
    String copy = Files.copy(Path.of(IMAGE), folder.resolve("b.jpg")).toString();
    String lines = run(new byte[0], "detect", "--ndjson", "-", IMAGE, copy);
    String list = run(new byte[0], "detect", "--json", "-", IMAGE, copy);
    JsonArray expected = JsonParser.parseString(list).getAsJsonArray();
    List<String> rows = lines.lines().toList();
    assertEquals(2, rows.size());
    for (int i = 0; i < 2; i++) {
      assertEquals(expected.get(i), JsonParser.parseString(rows.get(i)));
    }
    assertTrue(err.toString().contains("2 images, 30 detections; written to standard output"));
  }

  @Test
  void imageOnStandardInputIsBounded() throws IOException {
    byte[] image = Files.readAllBytes(Path.of(IMAGE));
    JsonObject row =
        JsonParser.parseString(run(image, "detect", "--ndjson", "-", "-")).getAsJsonObject();
    assertEquals("-", row.get("path").getAsString());
    assertEquals(15, row.getAsJsonArray("detections").size());
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(image));
    try {
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      String[] arguments = {"detect", "--limit", "pixels=1000", "-"};
      assertEquals(1, Main.run(nowhere, new PrintWriter(err), arguments));
    } finally {
      System.setIn(before);
    }
    assertTrue(err.toString().contains("the limit of 1000"), err.toString());
  }
}
