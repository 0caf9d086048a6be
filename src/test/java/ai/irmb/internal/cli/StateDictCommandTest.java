package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state dict that was trained with another dim_head than the default. */
@Tag("reference")
class StateDictCommandTest {
  private static final String NAME = "trials/state-dict/a-double-prime-head64";

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();

  /** {@return what the console shows on standard error, where the log goes} */
  private String compare(int expectedCode, Path config) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      System.setErr(stream);
      assertEquals(
          expectedCode,
          Main.run(
              new PrintWriter(out),
              new PrintWriter(stream, true, StandardCharsets.UTF_8),
              "compare",
              "--weights",
              Shared.path(NAME + "-state-dict.pt").toString(),
              "--config",
              config.toString(),
              "--reference",
              Shared.path(NAME + ".npz").toString()));
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void assumedDimHeadIsAWarningThatNamesLayersAndValue() {
    String err = compare(1, Shared.path(NAME + ".yaml"));
    for (String layer : new String[] {"model.7", "model.10", "model.12"}) {
      assertTrue(err.contains("dim_head 8 in " + layer), err);
    }
  }

  @Test
  void dimHeadOfTheYamlGivesTheRightResult() throws IOException {
    Path config = folder.resolve("head64.yaml");
    Files.writeString(
        config,
        Files.readString(Shared.path(NAME + ".yaml"))
            .replaceAll(
                "iRMB, \\[([0-9]+)]",
                "iRMB, [$1, True, True, 1.0, bn_2d, relu, True, 3, 1, 1, 0.0, 64]"));
    String err = compare(0, config);
    assertFalse(err.contains("dim_head"), err);
  }
}
