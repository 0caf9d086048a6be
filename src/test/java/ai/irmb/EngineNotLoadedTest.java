package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.cli.Main;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exporting and converting load no class of the engine, in JVMs that log the classes they load. */
@Tag("engine")
class EngineNotLoadedTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath();

  @TempDir private Path folder = Path.of("");

  /** Exports without the command line. */
  static final class Export {
    private Export() {}

    public static void main(String[] args) {
      Detector.builder().weights(Path.of(args[0])).exportOnnx(Path.of(args[1]));
    }
  }

  /** Opens a detector, which needs the engine. */
  static final class Build {
    private Build() {}

    public static void main(String[] args) {
      Detector.builder().weights(Path.of(args[0])).build().close();
    }
  }

  private List<String> engineClasses(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path log = folder.resolve("classes.txt");
    ChildJvm.Result result =
        new ChildJvm(folder)
            .options("-Xlog:class+load=info:file=" + log.toAbsolutePath())
            .run(main, arguments);
    assertEquals(0, result.code(), result.err());
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains(" ai.djl.") || line.contains(" com.sun.jna."))
        .toList();
  }

  @Test
  void exportOnnxLoadsNoEngine() throws IOException, InterruptedException {
    Path out = folder.resolve("out.onnx");
    assertEquals(List.of(), engineClasses(Export.class, WEIGHTS.toString(), out.toString()));
    assertTrue(Files.size(out) > 0);
  }

  @Test
  void convertLoadsNoEngine() throws IOException, InterruptedException {
    Path out = folder.resolve("out.safetensors");
    assertEquals(
        List.of(),
        engineClasses(Main.class, "convert", "--weights", WEIGHTS.toString(), out.toString()));
    assertTrue(Files.size(out) > 0);
  }

  @Test
  void summaryLoadsNoEngine() throws IOException, InterruptedException {
    assertEquals(List.of(), engineClasses(Main.class, "summary", "--weights", WEIGHTS.toString()));
  }

  /** The log would show the engine. */
  @Test
  void buildLoadsTheEngine() throws IOException, InterruptedException {
    assertTrue(!engineClasses(Build.class, WEIGHTS.toString()).isEmpty());
  }
}
