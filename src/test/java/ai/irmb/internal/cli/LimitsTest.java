package ai.irmb.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every limit can be set in Java and on the command line, and its message names both ways. */
@Tag("fast")
class LimitsTest {
  private static final String MODEL = "models/bccd-yolov5n_iRMB.pt";
  private static final String CONFIG = "configs/yolov5n_iRMB.yaml";

  @TempDir private Path folder;

  private record Result(int code, String err) {}

  private static Result run(String... args) {
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    return new Result(code, err.toString());
  }

  @ParameterizedTest
  @EnumSource
  void messageNamesBothWaysToRaiseTheLimit(Limit limit) throws IOException {
    List<String> args = new ArrayList<>(commandThatExceeds(limit));
    args.add("--limit");
    args.add(limit.optionName() + "=1");
    Result result = run(args.toArray(String[]::new));
    assertEquals(1, result.code(), result.err());
    assertTrue(result.err().contains("Limits.with(Limit." + limit + ", …)"), result.err());
    assertTrue(result.err().contains("--limit " + limit.optionName() + "=…"), result.err());
  }

  @ParameterizedTest
  @EnumSource
  void defaultAllowsWhatTheLowerLimitRefuses(Limit limit) throws IOException {
    Result result = run(commandThatExceeds(limit).toArray(String[]::new));
    assertEquals(0, result.code(), result.err());
  }

  /** A command that fails under the limit of 1 and succeeds under the default. */
  private List<String> commandThatExceeds(Limit limit) throws IOException {
    return switch (limit) {
      case WEIGHTS_BYTES,
          PICKLE_BYTES,
          PICKLE_DEPTH,
          STRING_BYTES,
          ZIP_ENTRIES,
          TENSOR_RANK,
          CLASS_NAME_LENGTH,
          CLASS_NAMES_LENGTH ->
          List.of("summary", "--weights", MODEL);
      case HEADER_BYTES, HEADER_DEPTH -> List.of("summary", "--weights", safetensors());
      case YAML_BYTES, YAML_DEPTH, LAYERS, REPEATS, CHANNELS, CLASSES ->
          List.of("summary", "--config", config());
      case YAML_ALIASES -> List.of("summary", "--config", configWithAliases());
      case PIXELS, SIDE, JPEG_SCANS -> List.of("detect", image());
    };
  }

  private String safetensors() {
    Path out = folder.resolve("a.safetensors");
    Result result = run("convert", "--weights", MODEL, out.toString());
    assertEquals(0, result.code(), result.err());
    return out.toString();
  }

  private String config() throws IOException {
    Path out = folder.resolve("a.yaml");
    Files.writeString(out, Files.readString(Path.of(CONFIG)) + "\nch: 3\n");
    return out.toString();
  }

  private String configWithAliases() throws IOException {
    Path out = folder.resolve("aliases.yaml");
    Files.writeString(out, Files.readString(Path.of(CONFIG)) + "\na: &a 1\nb: *a\nc: *a\n");
    return out.toString();
  }

  /** A progressive JPEG, which has several scans. */
  private String image() throws IOException {
    Path out = folder.resolve("a.jpg");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out.toFile())) {
      writer.setOutput(stream);
      RgbImage image = RgbImage.of(32, 32, new byte[3 * 32 * 32]);
      writer.write(null, new IIOImage(image.toBufferedImage(), null, null), options);
    }
    return out.toString();
  }

  @ParameterizedTest
  @EnumSource
  void everyLimitCanBeSetInJava(Limit limit) {
    Limits limits = Limits.DEFAULTS.with(limit, 7);
    assertEquals(7, limits.get(limit));
    for (Limit other : Limit.values()) {
      if (other != limit) {
        assertEquals(other.defaultValue(), limits.get(other));
      }
    }
    assertEquals(Limits.DEFAULTS, limits.with(limit, limit.defaultValue()));
    assertEquals(
        limits, Detector.builder().weights(Path.of(MODEL)).limits(limits).settings().limits());
    assertEquals(limit.max(), Limits.DEFAULTS.with(limit, limit.max()).get(limit));
    assertThrows(IllegalArgumentException.class, () -> Limits.DEFAULTS.with(limit, 0));
  }

  @Test
  void limitsAreSerializable() throws Exception {
    Limits limits = Limits.DEFAULTS.with(Limit.PIXELS, 5).with(Limit.LAYERS, 6);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(limits);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(limits, in.readObject());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pixels=200M, 200000000",
    "pixels=2G, 2000000000",
    "pixels=3k, 3000",
    "pixels=12, 12",
    "pickle-bytes=2KiB, 2048",
    "pickle-bytes=2MiB, 2097152",
    "pickle-bytes=3GiB, 3221225472"
  })
  void acceptsUnits(String setting, long expected) {
    ModelOptions options = new ModelOptions();
    new picocli.CommandLine(options).parseArgs("--limit", "layers=9", "--limit", setting);
    Limit changed = setting.startsWith("pixels") ? Limit.PIXELS : Limit.PICKLE_BYTES;
    assertEquals(Map.of(Limit.LAYERS, 9L, changed, expected), options.limits().changed());
  }

  @ParameterizedTest
  @CsvSource({
    "pixels, '--limit: expected NAME=VALUE, found pixels'",
    "pixels=, 'expected an integer'",
    "pixels=many, 'expected an integer'",
    "pixels=1.5M, 'expected an integer'",
    "pixels=20MB, 'expected an integer'",
    "pixels=-1, 'pixels: expected 1 to 9223372036854775807, found -1'",
    "pixels=0, 'pixels: expected 1 to'",
    "pixels=99999999999999999999, 'expected an integer'",
    "pixels=9999999999G, 'expected an integer'",
    "layers=9G, 'layers: expected 1 to 2147483639, found 9000000000'"
  })
  void refusesBadValues(String setting, String problem) {
    Result result = run("summary", "--config", CONFIG, "--limit", setting);
    assertEquals(2, result.code());
    assertTrue(result.err().contains(problem), result.err());
  }

  @Test
  void refusesUnknownNamesAndListsTheKnown() {
    Result result = run("summary", "--config", CONFIG, "--limit", "pixel=5");
    assertEquals(2, result.code());
    assertTrue(
        result.err().contains("--limit: there is no limit pixel; the limits are"), result.err());
    for (Limit limit : Limit.values()) {
      assertTrue(result.err().contains(limit.optionName()), result.err());
    }
    assertEquals(1, result.err().lines().count());
  }
}
