package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.IrmbException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.json.JsonParser;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.Summary;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Bounded;
import ai.irmb.validate.ValidateOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * No reader throws anything but an {@link IrmbException} that names the file, whatever is in it:
 * not on a small stack, and within a bound on what it allocates.
 */
@net.jqwik.api.Tag("long")
class ReaderErrorsTest {
  /** YAML's parser copies its buffer often; no reader holds as much at once. */
  private static final long MAX_ALLOCATION = 1L << 30;

  private static final String MODEL =
      """
      nc: 2
      depth_multiple: 1.0
      width_multiple: 1.0
      bottleneck: standard
      activation: nn.LeakyReLU(0.1)
      anchors:
        - [10, 13, 16, 30]
      backbone:
        - [-1, 1, Conv, [16, 3, 2]]
        - [-1, 2, C3, [16]]
      head:
        - [-1, 1, iRMB, []]
        - [[-1, 1], 1, Concat, [1]]
        - [[3], 1, Detect, [nc, anchors]]
      """;

  private static final String DATASET =
      """
      path: .
      train: images
      val: list.txt
      nc: 2
      names:
        0: red
        1: white
      """;

  private static final String LABELS = "0 0.5 0.5 0.25 0.125\n1 .1 1e-1 1 0.2\n";

  /** Parts that parsers and regular expressions are known to be slow or to recurse on. */
  private static final String[] UNITS = {
    "[",
    "]",
    "{",
    "{a: ",
    "- ",
    "? ",
    "&a ",
    "*a ",
    "1",
    ":1",
    "0",
    "9",
    ".",
    "-",
    "+",
    "e",
    "_",
    " ",
    "\t",
    "\n",
    "\r",
    "a/",
    "../",
    "\\",
    "'",
    "\"",
    "#",
    "|\n",
    "!!float ",
    "!!int ",
    "!!binary ",
    "---\n",
    "%YAML 1.1\n",
    "~",
    ".nan",
    ".inf",
    "1e400",
    "0x1p3",
    "nn.ReLU(",
    ")",
    ",",
    ": ",
    "\0",
    "\uFEFF",
    "\u2028",
    "\u00e9",
    "\ud83d\ude00",
    "null",
    "true",
    "-1",
    "65537",
    "2147483648",
    "9223372036854775808",
    "\u001b[2J"
  };

  /** A call of a reader with one of its files changed. */
  @FunctionalInterface
  private interface Reader {
    Object read(byte[] changed) throws IOException;
  }

  private static void assertTypedErrorsOnly(byte[] changed, Reader reader) {
    IrmbException failure =
        Bounded.run(MAX_ALLOCATION, IrmbException.class, () -> reader.read(changed)).failure();
    if (failure != null) {
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains("changed"), message);
    }
  }

  private static byte[] fixture(String name) {
    try {
      return Files.readAllBytes(Fixtures.path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a checkpoint and, if that succeeds, builds its network. */
  private static Object network(byte[] file) {
    Checkpoint checkpoint = CheckpointReader.read(WeightFile.of("changed", file), Limits.DEFAULTS);
    return Summary.of(
        ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS),
        64,
        64);
  }

  @Property(tries = 300)
  void checkpointsOfEachFormat(@ForAll long seed) {
    Random random = new Random(seed);
    String[] names = {
      "good.pt", "good-views.pt", "legacy-state-dict.pt", "st-good.safetensors", "v7.0-stripped.pt"
    };
    byte[] bytes = fixture(names[random.nextInt(names.length)]);
    assertTypedErrorsOnly(changeBytes(bytes, random), ReaderErrorsTest::network);
  }

  /** The archive is valid, so that the pickle reader gets every change. */
  @Property(tries = 300)
  void picklesInAValidArchive(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    ZipBuilder archive = ZipBuilder.of(fixture("good.pt"));
    byte[] pickle = archive.get("base_v/data.pkl");
    byte[] changed =
        random.nextBoolean() ? changeBytes(pickle, random) : PickleMutator.mutate(pickle, random);
    assertTypedErrorsOnly(
        archive.put("base_v/data.pkl", changed).bytes(), ReaderErrorsTest::network);
  }

  /** The length is correct, so that the JSON parser gets every change. */
  @Property(tries = 300)
  void safetensorsHeadersOfAValidLength(@ForAll long seed) {
    byte[] good = fixture("st-good.safetensors");
    int length = (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(good, 8, length, StandardCharsets.UTF_8);
    byte[] changed = utf8(changeText(header, new Random(seed)));
    byte[] file =
        ByteBuffer.allocate(8 + changed.length + good.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(changed.length)
            .put(changed)
            .put(good, 8 + length, good.length - 8 - length)
            .array();
    assertTypedErrorsOnly(file, ReaderErrorsTest::network);
  }

  @Property(tries = 200)
  void numpyArchives(@ForAll long seed) {
    Random random = new Random(seed);
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    boolean changeArray = random.nextBoolean();
    byte[] array = npy(changeArray ? changeText(header, random) : header, 24);
    byte[] zip =
        new ZipBuilder()
            .put("a.npy", array)
            .put("b.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", 8))
            .bytes();
    inFolder(
        "changed.npz",
        changeArray ? zip : changeBytes(zip, random),
        file -> NpzFile.read(file, Limits.DEFAULTS));
  }

  private static byte[] npy(String header, int size) {
    byte[] text = utf8(header);
    return ByteBuffer.allocate(12 + text.length + size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0})
        .putInt(text.length)
        .put(text)
        .array();
  }

  @Property(tries = 500)
  void modelYamls(@ForAll long seed) {
    assertTypedErrorsOnly(
        utf8(changeText(MODEL, new Random(seed))),
        yaml ->
            Summary.of(
                ModelAssembly.describe(
                    ModelConfig.parse("changed", yaml, Limits.DEFAULTS), BlockRegistry.standard()),
                64,
                64));
  }

  @Property(tries = 300)
  void datasetsWithTheirListsAndLabels(@ForAll long seed) {
    Random random = new Random(seed);
    int part = random.nextInt(3);
    String yaml = part == 0 ? changeText(DATASET, random) : DATASET;
    String list =
        part == 1 ? changeText("images/a.jpg\n./images/b.jpg\n", random) : "images/a.jpg\n";
    String labels = part == 2 ? changeText(LABELS, random) : LABELS;
    inFolder(
        "changed.yaml",
        utf8(yaml),
        file -> {
          Path folder = Objects.requireNonNull(file.getParent());
          Files.createDirectories(folder.resolve("images"));
          Files.createDirectories(folder.resolve("labels"));
          Files.write(folder.resolve("list.txt"), utf8(list));
          Files.write(folder.resolve("labels/a.txt"), utf8(labels));
          Files.write(folder.resolve("images/a.jpg"), new byte[1]);
          return Dataset.read(file, ValidateOptions.DEFAULTS, true, Limits.DEFAULTS);
        });
  }

  @Property(tries = 300)
  void json(@ForAll long seed) {
    assertTypedErrorsOnly(
        utf8(
            changeText(
                "{\"a\": [1, 2.5e3, true, null], \"b\": {\"c\": \"\\u00e9\"}}", new Random(seed))),
        bytes ->
            String.valueOf(
                JsonParser.parse(
                    new String(bytes, StandardCharsets.UTF_8),
                    "changed",
                    Limit.PICKLE_DEPTH,
                    400,
                    new MemoryBudget(bytes.length))));
  }

  /** A reader of a file. */
  @FunctionalInterface
  private interface FileReader {
    Object read(Path file) throws IOException;
  }

  private static void inFolder(String name, byte[] changed, FileReader reader) {
    try {
      Path folder = Files.createTempDirectory("changed");
      try {
        Path file = Files.write(folder.resolve(name), changed);
        assertTypedErrorsOnly(changed, bytes -> reader.read(file));
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@return the text with repeated units in it, without a part, or with another number} */
  private static String changeText(String text, Random random) {
    StringBuilder out = new StringBuilder(text);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(out.length() + 1);
      int length = Math.min(random.nextInt(12), out.length() - at);
      int count = List.of(1, 1, 2, 70, 300, 20_000).get(random.nextInt(6));
      switch (random.nextInt(4)) {
        case 0 -> out.insert(at, unit(random).repeat(count));
        case 1 -> out.delete(at, at + length);
        case 2 -> out.replace(at, at + length, unit(random));
        default -> replaceNumber(out, random, unit(random).repeat(count));
      }
    }
    return out.toString();
  }

  private static String unit(Random random) {
    return UNITS[random.nextInt(UNITS.length)];
  }

  /** Replaces the first digit at or after a random position, where values are. */
  private static void replaceNumber(StringBuilder out, Random random, String value) {
    for (int at = random.nextInt(out.length() + 1); at < out.length(); at++) {
      if (Character.isDigit(out.charAt(at))) {
        out.replace(at, at + 1, value);
        return;
      }
    }
  }

  /** {@return a copy with changed bytes, a copied range, or a different length} */
  private static byte[] changeBytes(byte[] bytes, Random random) {
    byte[] out = bytes.clone();
    switch (random.nextInt(3)) {
      case 0 -> {
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
          out[random.nextInt(out.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 -> {
        int length = random.nextInt(Math.min(out.length, 1_000));
        int from = random.nextInt(out.length - length);
        int to = random.nextInt(out.length - length);
        System.arraycopy(bytes, from, out, to, length);
      }
      default -> out = Arrays.copyOf(out, random.nextInt(2 * out.length));
    }
    return out;
  }
}
