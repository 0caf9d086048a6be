package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.checkpoint.SharedFiles;
import ai.irmb.internal.image.ImageOracle;
import ai.irmb.testing.Shared;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A file of a hostile corpus, the command that reads it, and what its manifest says of the answer.
 *
 * @param folder of the corpus
 * @param json the manifest's row
 * @param oracles what the weights have to be, by name
 */
record HostileRow(Path folder, JsonObject json, JsonObject oracles) {
  private static final Pattern LAYER =
      Pattern.compile("\\s*\\d+\\s+(?:\\[[^]]*\\]|-?\\d+)\\s+\\d+\\s+(\\d+)\\s.*");
  private static final Pattern TOTAL =
      Pattern.compile("(\\d+) layers, (\\d+) parameters.* strides \\[([^]]*)\\].*");

  /**
   * What the command line said.
   *
   * @param target the file that {@code convert} was to write
   */
  record Answer(int code, String out, String err, Path target) {}

  /** Whether everything is to be tried, since a corpus was given or a long run was asked for. */
  static final boolean THOROUGH =
      !System.getProperty("irmb.hostile", "").isBlank() || Boolean.getBoolean("irmb.thorough");

  /**
   * {@return the rows of the corpus in {@code -Dirmb.hostile=FOLDER}; without it, those of the
   * shared corpus and of the trials}
   */
  static Stream<HostileRow> all() {
    boolean isGiven = !System.getProperty("irmb.hostile", "").isBlank();
    return isGiven ? corpus() : Stream.concat(corpus(), trials());
  }

  /** {@return the rows of a corpus that has a manifest: the given or the shared one} */
  static Stream<HostileRow> corpus() {
    String given = System.getProperty("irmb.hostile", "");
    Path folder = given.isBlank() ? Shared.path("reference/hostile") : Path.of(given);
    return rows(folder, folder.resolve("MANIFEST.json"));
  }

  /** {@return the rows of the trials, whose manifest is a resource} */
  static Stream<HostileRow> trials() {
    return rows(
        Shared.path("trials/hostile"),
        Path.of("src/test/resources/ai/irmb/internal/cli/hostile-trials.json"));
  }

  private static Stream<HostileRow> rows(Path folder, Path file) {
    JsonObject manifest = Shared.json(file).getAsJsonObject();
    JsonObject oracles =
        manifest.has("oracles") ? manifest.getAsJsonObject("oracles") : new JsonObject();
    return StreamSupport.stream(manifest.getAsJsonArray("files").spliterator(), false)
        .map(row -> new HostileRow(folder.toAbsolutePath(), row.getAsJsonObject(), oracles));
  }

  /** {@return what has to happen: {@code error}, {@code load} or {@code either}} */
  String expected() {
    return json.get("expect").getAsString();
  }

  String name() {
    return json.get("file").getAsString();
  }

  /** {@return the command's arguments} */
  String[] arguments(Path target) throws IOException {
    String file = folder.resolve(name()).toString();
    if (json.has("command")) {
      List<String> command = new ArrayList<>();
      for (JsonElement part : json.getAsJsonArray("command")) {
        command.add(
            switch (part.getAsString()) {
              case "FILE" -> file;
              case "GOOD" -> Shared.path("reference/hostile/good.pt").toString();
              case "LABELED" -> labeled(folder.resolve(name())).toString();
              default -> part.getAsString().replace("FOLDER", folder.toString());
            });
      }
      return command.toArray(String[]::new);
    }
    return switch (kind()) {
      case "weights" ->
          new String[] {"convert", "--tensors-only", "--weights", file, target.toString()};
      case "yaml" -> new String[] {"summary", "--config", file};
      default -> new String[] {"detect", "--weights", folder.resolve("good.pt").toString(), file};
    };
  }

  /** {@return the YAML of a data set of one image with this label file} */
  private static Path labeled(Path labels) throws IOException {
    Path data = Files.createTempDirectory("labeled");
    Files.createDirectories(data.resolve("images"));
    Files.createDirectories(data.resolve("labels"));
    Files.copy(Path.of("models/sample/blood-cells.jpg"), data.resolve("images/a.jpg"));
    Files.copy(labels, data.resolve("labels/a.txt"));
    return Files.writeString(data.resolve("data.yaml"), "val: images\nnames: [x, y]\n");
  }

  /** Fails unless the answer is what the manifest says. */
  void check(Answer answer) throws IOException {
    String expect = json.get("expect").getAsString();
    if (answer.code() == 0) {
      assertFalse(expect.equals("error"), "it was taken");
      checkOracle(answer);
      return;
    }
    String message = answer.err();
    assertFalse(expect.equals("load"), message);
    assertTrue(answer.code() == 1 || answer.code() == 2, "exit code " + answer.code() + message);
    assertEquals(1, message.lines().count(), message);
    boolean isNamed =
        json.has("names")
            ? message.contains(json.get("names").getAsString())
            : message.startsWith(name() + ":") || message.startsWith(folder.resolve(name()) + ":");
    assertTrue(isNamed, message);
    assertFalse(message.contains("unexpected failure"), message);
    assertFalse(Files.exists(answer.target()), "something was written");
    JsonArray says = json.has("says") ? json.getAsJsonArray("says") : new JsonArray();
    for (JsonElement group : says) {
      boolean said =
          StreamSupport.stream(group.getAsJsonArray().spliterator(), false)
              .map(word -> word.getAsString().toLowerCase(Locale.ROOT))
              .anyMatch(message.toLowerCase(Locale.ROOT)::contains);
      assertTrue(said, "none of " + group + " in: " + message);
    }
  }

  private String kind() {
    return json.get("kind").getAsString();
  }

  private void checkOracle(Answer answer) throws IOException {
    if (!json.has("oracle")) {
      return;
    }
    JsonElement oracle = json.get("oracle");
    switch (kind()) {
      case "weights" ->
          SharedFiles.checkTensors(
              answer.target(),
              oracles.getAsJsonObject(oracle.getAsString()).getAsJsonObject("tensors"));
      case "yaml" -> checkSummary(answer.out(), oracle.getAsJsonObject());
      default -> ImageOracle.check(oracle.getAsJsonObject(), RgbImage.read(folder.resolve(name())));
    }
  }

  private static void checkSummary(String out, JsonObject oracle) {
    List<Long> parameters = new ArrayList<>();
    boolean hasTotal = false;
    for (String line : out.lines().toList()) {
      Matcher total = TOTAL.matcher(line);
      Matcher layer = LAYER.matcher(line);
      if (total.matches()) {
        hasTotal = true;
        assertEquals(oracle.get("layers").getAsInt(), Integer.parseInt(total.group(1)));
        assertEquals(oracle.get("parameters").getAsLong(), Long.parseLong(total.group(2)));
        List<Double> strides = new ArrayList<>();
        for (String stride : total.group(3).split(",", -1)) {
          strides.add(Double.valueOf(stride.strip()));
        }
        List<Double> expected = new ArrayList<>();
        oracle.getAsJsonArray("stride").forEach(s -> expected.add(s.getAsDouble()));
        assertEquals(expected, strides);
      } else if (layer.matches()) {
        parameters.add(Long.valueOf(layer.group(1)));
      }
    }
    assertTrue(hasTotal, out);
    List<Long> expected = new ArrayList<>();
    oracle.getAsJsonArray("layer_parameters").forEach(p -> expected.add(p.getAsLong()));
    assertEquals(expected, parameters);
  }

  @Override
  public String toString() {
    return name();
  }
}
