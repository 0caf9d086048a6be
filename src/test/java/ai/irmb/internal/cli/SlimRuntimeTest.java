package ai.irmb.internal.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.platform.Platform;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java run-times without fonts, without a native library, or without the module java.desktop. */
@Tag("engine")
class SlimRuntimeTest {
  private static final Path JPEG = Path.of("models/sample/blood-cells.jpg").toAbsolutePath();
  private static final String[] NO_DESKTOP = {
    "--limit-modules", "java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported"
  };

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void onLinux() {
    assumeTrue(Platform.isLinux());
  }

  private ChildJvm jvm() {
    return new ChildJvm(folder).options("-Djava.awt.headless=true");
  }

  /** {@return a child JVM for which the linker does not find these libraries, but empty files} */
  private ChildJvm without(String... libraries) throws IOException {
    Path broken = Files.createDirectories(folder.resolve("lib")).toAbsolutePath();
    for (String library : libraries) {
      Files.createFile(broken.resolve(library));
    }
    return jvm().environment("LD_LIBRARY_PATH", broken.toString());
  }

  private static void assumeJpegIsLinked() throws IOException {
    Path library = Path.of(System.getProperty("java.home"), "lib", "libjavajpeg.so");
    assumeTrue(
        Files.readString(library, ISO_8859_1).contains("libjpeg.so.62"),
        "this Java brings its own JPEG library");
  }

  private static String[] detect(Path image, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "detect",
                "--weights",
                Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString()));
    arguments.addAll(List.of(more));
    arguments.add(image.toAbsolutePath().toString());
    return arguments.toArray(String[]::new);
  }

  private Path png() throws IOException {
    Path file = folder.resolve("cells.png");
    RgbImage.read(JPEG).write(file);
    return file;
  }

  @Test
  void missingJpegLibraryIsNamed() throws IOException, InterruptedException {
    assumeJpegIsLinked();
    ChildJvm.Result result = without("libjpeg.so.62").run(Main.class, detect(JPEG));
    assertEquals(1, result.code(), result.err());
    assertTrue(
        result.err().contains("blood-cells.jpg: this Java cannot read JPEG ("), result.err());
    assertTrue(result.err().contains("install the JPEG library"), result.err());
  }

  @Test
  void writingImagesIsTriedFirst() throws IOException, InterruptedException {
    assumeJpegIsLinked();
    ChildJvm.Result result =
        without("libjpeg.so.62")
            .run(Main.class, detect(png(), "--save", folder.resolve("out").toString()));
    assertEquals(1, result.code(), result.err());
    assertTrue(result.err().contains("--save: this Java cannot write images ("), result.err());
    assertEquals("", result.out());
  }

  @Test
  void detectsWithoutJavaDesktop() throws IOException, InterruptedException {
    Path json = folder.resolve("out.json").toAbsolutePath();
    ChildJvm.Result result =
        jvm().options(NO_DESKTOP).run(Main.class, detect(png(), "--json", json.toString()));
    assertEquals(0, result.code(), result.err());
    assertTrue(Files.readString(json).contains("WBC"));
    result = jvm().options(NO_DESKTOP).run(Main.class, detect(JPEG));
    assertEquals(1, result.code(), result.err());
    assertTrue(result.err().contains("add the module java.desktop"), result.err());
  }

  @Test
  void drawingChartsIsTriedFirst() throws IOException, InterruptedException {
    ChildJvm.Result result =
        without("libfontconfig.so.1", "libfreetype.so.6")
            .run(
                Main.class,
                "validate",
                "--weights",
                "nowhere.pt",
                "--data",
                "nowhere.yaml",
                "--plots",
                folder.resolve("plots").toString());
    assertTrue(result.err().contains("--plots: this Java cannot draw text ("), result.err());
    assertTrue(result.err().contains("install fontconfig and a font"), result.err());
    assertEquals(1, result.code(), result.err());
  }
}
