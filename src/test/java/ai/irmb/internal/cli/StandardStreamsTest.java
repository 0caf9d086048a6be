package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.testing.ChildJvm;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Standard output as a file, a closed pipe, signals, and a locale without the characters. */
@Tag("engine")
class StandardStreamsTest {
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg").toAbsolutePath();
  private static final Path MODEL = Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath();

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void linuxOnly() {
    assumeTrue(Files.exists(Path.of("/proc/self/cmdline")));
  }

  private static List<String> detect(String... arguments) {
    return Stream.of(
            ChildJvm.java().stream(),
            Stream.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "detect",
                "--weights",
                MODEL.toString(),
                "--size",
                "160"),
            Stream.of(arguments))
        .flatMap(part -> part)
        .toList();
  }

  private List<Path> temporary() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  @Test
  void dataOnStandardOutputMovesEverythingElseToStandardError() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = {"detect", "--csv", folder + "/a.csv", "--json", "-", IMAGE.toString()};
    assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(err), args), err.toString());
    assertEquals(1, JsonParser.parseString(out.toString()).getAsJsonArray().size());
    assertTrue(err.toString().contains("1 image, 15 detections; written to standard output"));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] csv = {"detect", "--csv", "/dev/stdout", IMAGE.toString()};
    assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(err), csv));
    assertEquals(16, out.toString().lines().count());
    assertTrue(err.toString().contains("15 found"), err.toString());
  }

  @Test
  void aClosedPipeEndsTheRunWithTheCodeOfSigpipe() throws Exception {
    String[] images = new String[50];
    java.util.Arrays.fill(images, IMAGE.toString());
    Path csv = folder.resolve("found.csv");
    String[] all =
        Stream.concat(Stream.of("--csv", csv.toString()), Stream.of(images)).toArray(String[]::new);
    List<String> command = new java.util.ArrayList<>(detect(all));
    command.addAll(0, List.of("bash", "-c", "\"$@\" | head -1; exit ${PIPESTATUS[0]}", "bash"));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    assertEquals(141, process.exitValue());
    assertEquals("", Files.readString(folder.resolve("err")));
    assertEquals(1, Files.readAllLines(folder.resolve("out")).size());
    assertFalse(Files.exists(csv));
    assertEquals(List.of(), temporary());
  }

  /** The process waits for an image from standard input, with its outputs open. */
  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aSignalLeavesNoTemporaryFile(String signal, int code) throws Exception {
    assumeFalse(
        isIgnored(code - 128), "a background job inherits that SIG" + signal + " is ignored");
    Path json = Files.writeString(folder.resolve("found.json"), "old");
    Process process =
        new ProcessBuilder(detect("--json", json.toString(), "--csv", folder + "/a.csv", "-"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("err").toFile())
            .start();
    while (process.isAlive() && temporary().size() < 2) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    String pid = String.valueOf(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(code, process.exitValue());
    assertEquals(List.of(), temporary());
    assertEquals("old", Files.readString(json));
  }

  private static boolean isIgnored(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) >> (signal - 1) & 1) == 1);
  }

  @Test
  void namesOutsideAsciiWorkInAnAsciiLocale() throws Exception {
    Path in = Files.createDirectories(folder.resolve("höhe"));
    Files.copy(IMAGE, in.resolve("人é.jpg"));
    Path weights = Files.copy(MODEL, folder.resolve("Gewichte-ü.pt"));
    Path out = folder.resolve("ausgäbe");
    ChildJvm.Result result =
        new ChildJvm(folder.resolve("jvm"))
            .environment("LC_ALL", "C")
            .run(
                Main.class,
                "detect",
                "--weights",
                weights.toString(),
                "--save",
                out.toString(),
                "--save-txt",
                "--save-crop",
                "--json",
                out + "/é.json",
                in.toString());
    assertEquals(0, result.code(), result.err());
    assertTrue(Files.size(out.resolve("人é.jpg")) > 1000);
    assertTrue(Files.exists(out.resolve("labels/人é.txt")));
    assertTrue(Files.exists(out.resolve("crops/RBC/人é_1.jpg")));
    String json = Files.readString(out.resolve("é.json"));
    assertTrue(json.contains("\"image\":\"人é.jpg\""), json);
    assertTrue(result.out().contains("ausg\\u00e4be"), result.out());
  }
}
