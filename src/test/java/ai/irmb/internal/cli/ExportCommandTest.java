package ai.irmb.internal.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OnnxRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command takes, writes and refuses; the numbers are {@code OnnxExportTest}'s. */
@Tag("fast")
class ExportCommandTest {
  private static final String WEIGHTS = "models/bccd-yolov5n_iRMB.pt";

  private final StringWriter err = new StringWriter();
  @TempDir private Path folder = Path.of("");

  private int run(String... options) {
    String[] line = Stream.concat(Stream.of("export"), Stream.of(options)).toArray(String[]::new);
    return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), line);
  }

  @Test
  void givesTheOutputsThatUpstreamGives() throws IOException {
    Path out = folder.resolve("cells.onnx");
    assertEquals(0, run("--weights", WEIGHTS, out.toString()), err.toString());
    try (OnnxRun onnx = OnnxRun.of(Files.readAllBytes(out))) {
      Map<String, HostTensor> found = onnx.outputs(black(2, 64, 96));
      assertEquals(Set.of("output0"), found.keySet());
      assertEquals(
          Shape.of(2, 3 * (8 * 12 + 4 * 6 + 2 * 3), 8),
          requireNonNull(found.get("output0")).shape());
      assertEquals("32", onnx.metadata().get("stride"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"13", "18", "20"})
  void givesLogitsInAnyOperatorSet(String opset) throws IOException {
    Path out = folder.resolve("raw.onnx");
    assertEquals(
        0,
        run("--weights", WEIGHTS, "--raw", "--opset", opset, "--size", "96x64", out.toString()),
        err.toString());
    try (OnnxRun onnx = OnnxRun.of(Files.readAllBytes(out))) {
      Map<String, HostTensor> found = onnx.outputs(black(1, 32, 64));
      assertEquals(Set.of("output0", "raw0", "raw1", "raw2"), found.keySet());
      assertEquals(Shape.of(1, 24, 4, 8), requireNonNull(found.get("raw0")).shape());
    }
  }

  private static HostTensor black(int n, int h, int w) {
    return HostTensor.of(Shape.of(n, 3, h, w), new float[n * 3 * h * w]);
  }

  @Test
  void refusesWhatItCannotWrite() {
    Path out = folder.resolve("none.onnx");
    refuses(2, "opset: expected 13 to 20, found 12", "--weights", WEIGHTS, "--opset", "12");
    refuses(
        2, "--size: expected multiples of the stride, 32", "--weights", WEIGHTS, "--size", "99");
    refuses(2, "--weights: required", "--config", "yolov5n.yaml");
    refuses(1, "layer 18 (Conv) of yolov5n.yaml", "--weights", WEIGHTS, "--config", "yolov5n.yaml");
    assertFalse(Files.exists(out));
    assertEquals(1, run("--weights", WEIGHTS, folder.resolve("nowhere/x.onnx").toString()));
    String message = err.toString().lines().reduce("", (a, b) -> b);
    assertEquals(folder.resolve("nowhere") + ": there is no such file", message);
  }

  private void refuses(int code, String message, String... options) {
    List<String> line = new ArrayList<>(List.of(options));
    line.add(folder.resolve("none.onnx").toString());
    assertEquals(code, run(line.toArray(String[]::new)), err.toString());
    assertTrue(err.toString().contains(message), err.toString());
  }
}
