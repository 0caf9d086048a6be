package ai.irmb.internal.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.IrmbException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Bounded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Malicious, damaged and out-of-range model YAMLs: testCase is an error of one sentence with file
 * and line.
 */
@Tag("fast")
class HostileYamlTest {
  private static final int RANDOM = Integer.getInteger("irmb.mutations", 2_000);

  /**
   * Bounds the total allocation. The parser copies its buffer often, so this is far above its live
   * memory.
   */
  private static final long MAX_ALLOCATION = 1L << 30;

  private static final String VALID =
      """
      nc: 2
      depth_multiple: 1.0
      width_multiple: 1.0
      bottleneck: standard
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

  private static Summary summary(byte[] yaml) {
    ModelConfig config = ModelConfig.parse("bad.yaml", yaml, Limits.DEFAULTS);
    return Summary.of(ModelAssembly.describe(config, BlockRegistry.standard()), 640, 640);
  }

  private static Bounded.Outcome<Summary, IrmbException> read(byte[] yaml) {
    return Bounded.run(MAX_ALLOCATION, IrmbException.class, () -> summary(yaml));
  }

  private static String rejection(byte[] yaml) {
    IrmbException failure = read(yaml).failure();
    assertNotNull(failure, "it was accepted");
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("bad.yaml:"), message);
    return message;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void validYamlIsRead() {
    Summary summary = read(utf8(VALID)).value();
    assertNotNull(summary);
    assertEquals(5, summary.layers().size());
    assertNotNull(read(utf8("\uFEFF" + VALID)).value(), "with a byte order mark");
    assertNotNull(read(utf8(VALID.replace("\n", "\r\n"))).value(), "with Windows line ends");
    assertNotNull(
        read(utf8("%YAML 1.1\n---\n" + VALID + "...\n")).value(), "with document markers");
  }

  /** The text in the valid YAML, its replacement, and a word of the error message. */
  private static final String[][] CASES = {
    {"nc: 2", "nc: 2\nnc: 3", "twice"},
    {"nc: 2", "nc: 2\n\"nc\": 3", "twice"},
    {"nc: 2", "a: &a {nc: 2}\n<<: *a", "merge key"},
    {"nc: 2", "nc: !!python/object/apply:os.system [x]", "tag"},
    {"nc: 2", "nc: !!javax.script.ScriptEngineManager []", "tag"},
    {"nc: 2", "nc: !ruby/object:Gem::Installer {}", "tag"},
    {"nc: 2", "nc: !!binary aGVsbG8=", "tag"},
    {"nc: 2", "nc: !<tag:example.com,2000:x> 2", "tag"},
    {"nc: 2", "%TAG ! tag:example.com,2000:\n---\nnc: !x 2", ""},
    {"nc: 2", "nc: !!set {2}", "tag"},
    {"nc: 2", "nc: !!int x", "number"},
    {"nc: 2", "nc: !!float 2", "nc"},
    {"nc: 2", "nc: 2.0", "nc"},
    {"nc: 2", "nc: .nan", "number"},
    {"nc: 2", "nc: .inf", "number"},
    {"nc: 2", "nc: 0", "nc"},
    {"nc: 2", "nc: -1", "nc"},
    {"nc: 2", "nc: 1000000000", "nc"},
    {"nc: 2", "nc: 99999999999999999999", "out of range"},
    {"nc: 2", "nc: 0x10", "number"},
    {"nc: 2", "nc: 010", "number"},
    {"nc: 2", "nc: 0b11", "number"},
    {"nc: 2", "nc: 1:30", "number"},
    {"nc: 2", "nc: true", "nc"},
    {"nc: 2", "nc: '2'", "nc"},
    {"nc: 2", "nc: [2]", "nc"},
    {"nc: 2", "nc: {a: 2}", "nc"},
    {"nc: 2", "nc:", "nc"},
    {"nc: 2", "nc: *gone", "alias"},
    {"nc: 2", "nc: &a [*a]", "itself"},
    {"nc: 2", "? [1, 2]\n: 3\nnc: 2", "key"},
    {"nc: 2\n", "", "nc"},
    {"nc: 2", "nc: 2\n---\nnc: 3", "second document"},
    {"nc: 2", "nc: 2 3\n x: y", ""},
    {"nc: 2", "nc: \u0000", "YAML"},
    {"nc: 2", "nc: \u001b[2J", "YAML"},
    {"nc: 2", "\tnc: 2", "YAML"},
    {"nc: 2", "nc: [2", "YAML"},
    {"nc: 2", "nc: \"2", "YAML"},
    {"nc: 2", "nc: @x", "YAML"},
    {"depth_multiple: 1.0", "depth_multiple: 1000000000", "depth_multiple"},
    {"depth_multiple: 1.0", "depth_multiple: 0", "depth_multiple"},
    {"depth_multiple: 1.0", "depth_multiple: -1.0", "depth_multiple"},
    {"depth_multiple: 1.0", "depth_multiple: .nan", "number"},
    {"depth_multiple: 1.0", "depth_multiple: .inf", "number"},
    {"depth_multiple: 1.0", "depth_multiple: 1e400", "number"},
    {"depth_multiple: 1.0", "depth_multiple: one", "depth_multiple"},
    {"depth_multiple: 1.0", "depth_multiple: \"1.0\"", "depth_multiple"},
    {"width_multiple: 1.0", "width_multiple: .nan", "number"},
    {"width_multiple: 1.0", "width_multiple: 1e9", "width_multiple"},
    {"width_multiple: 1.0", "width_multiple: [1.0]", "width_multiple"},
    {"width_multiple: 1.0", "width_multiple: 1.0\nch: 0", "ch"},
    {"width_multiple: 1.0", "width_multiple: 1.0\nch: 1000000", "ch"},
    {
      "width_multiple: 1.0",
      "width_multiple: 1.0\nactivation: __import__('os').system('x')",
      "activation"
    },
    {"width_multiple: 1.0", "width_multiple: 1.0\nactivation: nn.LeakyReLU(1e999)", "activation"},
    {"width_multiple: 1.0", "width_multiple: 1.0\nactivation: [nn.SiLU()]", "activation"},
    {"bottleneck: standard", "bottleneck: evil", "bottleneck"},
    {"[10, 13, 16, 30]", "[10, 13, 16]", "anchors"},
    {"[10, 13, 16, 30]", "[10, 13, 16, x]", "anchors"},
    {"[10, 13, 16, 30]", "[10, 13, 16, -30]", "anchors"},
    {"[10, 13, 16, 30]", "[10, 13, 16, .nan]", "number"},
    {"[10, 13, 16, 30]", "[]", "anchors"},
    {"[10, 13, 16, 30]", "[10, 13, 16, 0]", "above 0"},
    {"[10, 13, 16, 30]", "[10, 13, 16, 65537]", "up to 65536"},
    {"[10, 13, 16, 30]", "[10, 13, 16, 1e300]", "up to 65536"},
    {"[10, 13, 16, 30]", "[" + "1, ".repeat(129) + "1]", "the limit of 64"},
    {"\n  - [10, 13, 16, 30]", " 0", "anchors"},
    {"\n  - [10, 13, 16, 30]", " 65", "anchors"},
    {"\n  - [10, 13, 16, 30]", " []", "anchors"},
    {"\n  - [10, 13, 16, 30]", " text", "anchors"},
    {"[-1, 2, C3", "[2, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[1, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[4, 2, C3", "4"},
    {"[-1, 2, C3", "[-3, 2, C3", "-3"},
    {"[-1, 2, C3", "[9223372036854775807, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[-9223372036854775808, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[[], 2, C3", "layer 1"},
    {"[-1, 2, C3", "[[[-1]], 2, C3", "layer 1"},
    {"[-1, 2, C3", "[[-1, 0], 2, C3", "layer 1"},
    {"[-1, 2, C3", "[x, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[~, 2, C3", "layer 1"},
    {"[-1, 2, C3", "[-1, 0, C3", "number"},
    {"[-1, 2, C3", "[-1, -5, C3", "number"},
    {"[-1, 2, C3", "[-1, 2.5, C3", "number"},
    {"[-1, 2, C3", "[-1, 1001, C3", "number"},
    {"[-1, 2, C3", "[-1, 2, C4", "did you mean"},
    {"[-1, 2, C3", "[-1, 2, java.lang.Runtime", "java.lang.Runtime"},
    {"[-1, 2, C3", "[-1, 2, os.system", "os.system"},
    {"[-1, 2, C3", "[-1, 2, 3", "module"},
    {"[-1, 2, C3", "[-1, 2, [C3]", "module"},
    {"[-1, 2, C3", "[-1, 2, \"\\e[2J\\n\"", "u001b"},
    {"C3, [16]]", "C3]", "layer 1"},
    {"C3, [16]]", "C3, [16], 5]", "layer 1"},
    {"C3, [16]]", "C3, 16]", "layer 1"},
    {"C3, [16]]", "C3, {a: 16}]", "layer 1"},
    {"C3, [16]]", "C3, []]", "channels"},
    {"C3, [16]]", "C3, [0]]", "channels"},
    {"C3, [16]]", "C3, [65537]]", "channels"},
    {"C3, [16]]", "C3, [16, maybe]]", "shortcut"},
    {"C3, [16]]", "C3, [16, true, 0]]", "groups"},
    {"C3, [16]]", "C3, [16, true, 3]]", "groups"},
    {"C3, [16]]", "C3, [16, true, 1, 1e9]]", "expansion"},
    {"C3, [16]]", "C3, [16, true, 1, -0.5]]", "expansion"},
    {"C3, [16]]", "C3, [16, true, 1, 0.0001]]", "expansion"},
    {"C3, [16]]", "Conv, [16, __import__('os')]]", "kernel"},
    {"C3, [16]]", "Conv, [16, 3, 0]]", "stride"},
    {"C3, [16]]", "Conv, [16, 99999]]", "kernel"},
    {"C3, [16]]", "Conv, [16, 3, 1, -1]]", "padding"},
    {"C3, [16]]", "Conv, [16, 65536, 1, null, 1, 65536]]", "layer 1"},
    {"C3, [16]]", "Contract, [64]]", "layer 3 (Concat): its output has 131072 channels"},
    {"C3, [16]]", "C3Ghost, [8, true, 1, 0.125]]", "layer 1 (C3Ghost): a convolution of"},
    {"C3, [16]]", "nn.Upsample, [null, 1000000000, nearest]]", "layer 1"},
    {"C3, [16]]", "nn.Upsample, [null, 2, area]]", "layer 1"},
    {"[[3], 1, Detect", "[[3, 3], 1, Detect", "layer 4"},
    {"[[3], 1, Detect", "[-1, 1, Conv, [1]]\n  - [[3], 1, Detect", ""},
    {"[[3], 1, Detect, [nc, anchors]]", "[-1, 1, Conv, [16]]", "Detect"},
    {"Detect, [nc, anchors]", "Detect, [1000000000, anchors]", "layer 4"},
    {"Detect, [nc, anchors]", "Segment, [nc, anchors, 32, 65536]", ""},
    {"Detect, [nc, anchors]", "Segment, [nc, anchors, 65537]", "layer 4"},
    {"Detect, [nc, anchors]", "Segment, [nc, anchors, -1]", "layer 4"},
    {"Detect, [nc, anchors]", "Detect, [nc, 65]", "anchors"},
    {"Detect, [nc, anchors]", "Detect, [-1, anchors]", "layer 4"},
    {"head:", "tail:", "head"},
  };

  @TestFactory
  Stream<DynamicTest> rejectsInvalidKeysAndLayers() {
    return Stream.of(CASES)
        .filter(testCase -> !testCase[2].isEmpty())
        .map(
            testCase ->
                DynamicTest.dynamicTest(
                    testCase[0] + " → " + testCase[1],
                    () -> {
                      assertTrue(VALID.contains(testCase[0]), testCase[0]);
                      String message = rejection(utf8(VALID.replace(testCase[0], testCase[1])));
                      assertTrue(
                          message
                              .toLowerCase(Locale.ROOT)
                              .contains(testCase[2].toLowerCase(Locale.ROOT)),
                          message);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> rejectsInvalidTextAndBytes() {
    Map<String, byte[]> cases = new LinkedHashMap<>();
    cases.put("nothing", new byte[0]);
    cases.put("a comment", utf8("# nothing\n"));
    cases.put("a number", utf8("5"));
    cases.put("a list", utf8("- 5"));
    cases.put("null", utf8("~"));
    cases.put("Latin-1", "nc: 2 # \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    cases.put("UTF-16", VALID.getBytes(StandardCharsets.UTF_16));
    cases.put("a surrogate", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
    cases.put("more than a megabyte", utf8(VALID + "#".repeat(1 << 20)));
    cases.put("zero bytes", new byte[1000]);
    cases.put("deep lists", utf8("nc: " + "[".repeat(100_000)));
    cases.put("deep maps", utf8("nc: " + "{a: ".repeat(100_000)));
    cases.put("deep blocks", utf8("- ".repeat(100_000)));
    cases.put("deep keys", utf8("? ".repeat(100_000)));
    cases.put("deep lines", utf8(deepLines()));
    cases.put("many aliases", utf8("a: &a 1\nb: [" + "*a, ".repeat(60) + "1]\n" + VALID));
    cases.put("billion laughs", utf8(billionLaughs() + VALID.replace("C3, [16]]", "C3, *l9]")));
    cases.put("many keys", utf8(manyKeys() + "nc: 3\n" + VALID));
    cases.put("many layers", utf8(VALID.replace("head:", IDENTITY_LAYER.repeat(1200) + "head:")));
    cases.put("many repeats", utf8(VALID.replace("head:", REPEATED_LAYER.repeat(900) + "head:")));
    cases.put("many layers inside", utf8(VALID.replace("head:", TRANSFORMER_LAYER + "head:")));
    cases.put("many sources", utf8(VALID.replace("[[-1, 1], 1", sources(200_000) + ", 1")));
    cases.put(
        "wide sources",
        utf8(
            VALID
                .replace("C3, [16]]", "C3, [65536]]")
                .replace("[[-1, 1], 1", sources(70_000) + ", 1")));
    cases.put("a long name", utf8(VALID.replace("C3", "C".repeat(500_000))));
    cases.put("a long number", utf8(VALID.replace("nc: 2", "nc: " + "9".repeat(500_000))));
    cases.put("deep aliases", utf8(deepAliases()));
    cases.put("doubled channels", utf8(VALID.replace("head:", DOUBLING.repeat(60) + "head:")));
    cases.put("many parameters", utf8(VALID.replace("head:", WIDE_LAYERS + "head:")));
    String ones = "1".repeat(500_000);
    cases.put("a long number with a tag", utf8(VALID.replace("nc: 2", "nc: !!float " + ones)));
    cases.put("a long integer with a tag", utf8(VALID.replace("nc: 2", "nc: !!int " + ones + "x")));
    cases.put(
        "a long number in base 60", utf8(VALID.replace("nc: 2", "nc: 1" + ":1".repeat(200_000))));
    String activation = "'nn.ReLU(" + " ".repeat(500_000) + "x)'";
    cases.put(
        "a long activation",
        utf8(VALID.replace("C3, [16]]", "Conv, [16, 1, 1, 0, 1, 1, " + activation + "]]")));
    cases.put(
        "a long fraction",
        utf8(
            VALID.replace(
                "depth_multiple: 1.0", "depth_multiple: 1." + "0".repeat(500_000) + "x")));
    return cases.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> rejection(e.getValue())));
  }

  private static final String IDENTITY_LAYER = "  - [-1, 1, nn.Identity, []]\n";
  private static final String REPEATED_LAYER = "  - [-1, 1000, Conv, [16]]\n";
  private static final String TRANSFORMER_LAYER =
      "  - [-1, 1000, TransformerBlock, [16, 2, 1000]]\n";

  private static final String DOUBLING = "  - [[-1, -1], 1, Concat, [1]]\n";
  private static final String WIDE_LAYERS =
      "  - [-1, 1, Conv, [65536]]\n" + "  - [-1, 1000, Conv, [65536, [999, 999]]]\n".repeat(15);

  /** Each alias adds the depth of its value: far deeper than the YAML's own nesting. */
  private static String deepAliases() {
    StringBuilder out = new StringBuilder("a0: &a0 1\n");
    for (int i = 1; i < 45; i++) {
      String value = "[".repeat(60) + "*a" + (i - 1) + "]".repeat(60);
      out.append("a" + i + ": &a" + i + " " + value + "\n");
    }
    return out + VALID;
  }

  private static String deepLines() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      out.append(" ".repeat(i)).append("a:\n");
    }
    return out.toString();
  }

  private static String billionLaughs() {
    StringBuilder out = new StringBuilder("l0: &l0 [1]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*l" + (i - 1);
      out.append("l" + i + ": &l" + i + " [" + (alias + ", ").repeat(4) + alias + "]\n");
    }
    return out.toString();
  }

  private static String manyKeys() {
    StringBuilder out = new StringBuilder();
    IntStream.range(0, 50_000).forEach(i -> out.append('k').append(i).append(": 1\n"));
    return out.toString();
  }

  private static String sources(int count) {
    return "[" + "-1,".repeat(count) + "-1]";
  }

  /** Values that a careless reader trips over. */
  private static final String[] EDGE_VALUES = {
    "0",
    "1",
    "2",
    "-1",
    "-2",
    "3",
    "8",
    "64",
    "999",
    "1000",
    "65535",
    "65536",
    "99999",
    "1000000000",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "1e9",
    "0.5",
    "1.5",
    "-0.5",
    "0.0001",
    "63.9",
    "100.0",
    ".nan",
    ".inf",
    "1e400",
    "0x10",
    "010",
    "1_000",
    "1:30",
    "true",
    "false",
    "null",
    "None",
    "nc",
    "anchors",
    "\"\"",
    "text",
    "nn.ReLU()",
    "nn.LeakyReLU(0.1)",
    "nn.LeakyReLU(1e999)",
    "[]",
    "[1]",
    "[1, 2]",
    "[1, 2, 3]",
    "[3, 5, 7, 9, 11]",
    "{}",
    "{a: 1}",
    "[[1, 2], [3]]",
    "nearest",
    "'1'",
    "[65536, 65536, 65536]"
  };

  private static final String[] TYPICAL_VALUES = {
    "1", "2", "3", "true", "false", "0.5", "null", "[3, 3]"
  };

  /** Random layers of every block with arguments of every type; a failure names its seed. */
  @Test
  void randomLayersGiveASummaryOrAnError() {
    List<String> blocks = new ArrayList<>(BlockRegistry.standard().names());
    int built = 0;
    for (int seed = 0; seed < RANDOM; seed++) {
      String yaml = random(new Random(seed), blocks);
      Bounded.Outcome<Summary, IrmbException> outcome = read(utf8(yaml));
      IrmbException failure = outcome.failure();
      if (failure != null) {
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("bad.yaml:"), "seed " + seed + ": " + message);
      } else {
        Summary summary = outcome.value();
        assertNotNull(summary);
        assertTrue(summary.flops() >= 0 && summary.parameters() >= 0, "seed " + seed);
        built++;
      }
    }
    assertTrue(built > RANDOM / 100, "only " + built + " of " + RANDOM + " could be built");
  }

  private static String random(Random random, List<String> blocks) {
    StringBuilder out = new StringBuilder("nc: " + value(random, 10, "2") + "\n");
    for (String key : new String[] {"depth_multiple", "width_multiple"}) {
      out.append(key).append(": ").append(value(random, 10, "1.0")).append('\n');
    }
    for (String key : new String[] {"activation", "ch"}) {
      if (random.nextInt(10) == 0) {
        out.append(key).append(": ").append(pick(random, EDGE_VALUES)).append('\n');
      }
    }
    out.append("bottleneck: standard\nanchors: ");
    out.append(value(random, 12, "[[10, 13, 16, 30]]"));
    out.append("\nbackbone:\n  - [-1, 1, Conv, [16, 3, 2]]\n");
    int layers = 1 + random.nextInt(4);
    for (int i = 0; i < layers; i++) {
      List<String> arguments = new ArrayList<>();
      int count = random.nextInt(2) == 0 ? 1 : random.nextInt(7);
      for (int k = 0; k < count; k++) {
        arguments.add(value(random, 8, k == 0 ? "16" : pick(random, TYPICAL_VALUES)));
      }
      out.append("  - [").append(value(random, 12, random.nextInt(6) == 0 ? "[-1, -1]" : "-1"));
      out.append(", ").append(value(random, 8, "1"));
      out.append(", ").append(value(random, 40, blocks.get(random.nextInt(blocks.size()))));
      out.append(", ").append(value(random, 40, arguments.toString())).append("]\n");
    }
    out.append("head:\n  - [[-1], 1, ");
    out.append(random.nextInt(6) == 0 ? "Segment, [nc, anchors, 32, " : "Detect, [nc, anchors, ");
    return out.append(value(random, 8, "16")).append("]]\n").toString();
  }

  private static String value(Random random, int oneIn, String typical) {
    return random.nextInt(oneIn) == 0 ? pick(random, EDGE_VALUES) : typical;
  }

  private static String pick(Random random, String[] values) {
    return values[random.nextInt(values.length)];
  }
}
