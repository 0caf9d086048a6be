package ai.irmb.internal.network;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.limit.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model YAMLs that YOLOv5's parse_model accepts or refuses, and the layers that it prints. */
@Tag("fast")
class YamlLayersTest {
  /** A network with one layer of width 16 to exchange; its layers have width 1.0. */
  private static final String NETWORK =
      """
      nc: 2
      depth_multiple: 1.0
      width_multiple: 1.0
      bottleneck: standard
      anchors:
        - [10, 13, 16, 30]
      backbone:
        - [-1, 1, Conv, [16, 3, 2]]
        - [-1, 1, LAYER]
        - [-1, 1, Conv, [16, 3, 2]]
      head:
        - [[2], 1, Detect, [nc, anchors]]
      """;

  private static Summary summary(byte[] yaml) {
    ModelConfig config = ModelConfig.parse("model.yaml", yaml, Limits.DEFAULTS);
    return Summary.of(ModelAssembly.describe(config, BlockRegistry.standard()), 64, 64);
  }

  private static Summary summary(String yaml) {
    return summary(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static LayerSummary layer(String layer) {
    return summary(NETWORK.replace("LAYER", layer)).layers().get(1);
  }

  private static String rejection(String yaml) {
    return String.valueOf(
        assertThrows(ModelConfigException.class, () -> summary(yaml)).getMessage());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        requireNonNull(YamlLayersTest.class.getResourceAsStream("/yaml/" + name))) {
      return in.readAllBytes();
    }
  }

  private static String text(String name) throws IOException {
    return new String(resource(name), StandardCharsets.UTF_8);
  }

  /** YOLOv5n without changes has 1,872,157 parameters; a dropout replaces a C3 of 4,800. */
  @ParameterizedTest
  @CsvSource({
    "gbk_comment.yaml, 1872157",
    "anchors_in_detect.yaml, 1872157",
    "dropout.yaml, 1867357"
  })
  void buildsWhatYolov5Builds(String file, long parameters) throws IOException {
    assertEquals(parameters, summary(resource(file)).parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "'nn.SiLU, []', 0, torch.nn.modules.activation.SiLU",
    "'nn.SiLU, [true]', 0, torch.nn.modules.activation.SiLU",
    "'torch.nn.SiLU, []', 0, torch.nn.modules.activation.SiLU",
    "'nn.ReLU, []', 0, torch.nn.modules.activation.ReLU",
    "'nn.ReLU6, []', 0, torch.nn.modules.activation.ReLU6",
    "'nn.LeakyReLU, [0.1]', 0, torch.nn.modules.activation.LeakyReLU",
    "'nn.LeakyReLU, [0.1, true]', 0, torch.nn.modules.activation.LeakyReLU",
    "'nn.Hardswish, []', 0, torch.nn.modules.activation.Hardswish",
    "'nn.Hardsigmoid, []', 0, torch.nn.modules.activation.Hardsigmoid",
    "'nn.Mish, []', 0, torch.nn.modules.activation.Mish",
    "'nn.GELU, []', 0, torch.nn.modules.activation.GELU",
    "'nn.ELU, [0.5]', 0, torch.nn.modules.activation.ELU",
    "'nn.SELU, []', 0, torch.nn.modules.activation.SELU",
    "'nn.Sigmoid, []', 0, torch.nn.modules.activation.Sigmoid",
    "'nn.Tanh, []', 0, torch.nn.modules.activation.Tanh",
    "'nn.Softplus, [2]', 0, torch.nn.modules.activation.Softplus",
    "'nn.PReLU, []', 1, torch.nn.modules.activation.PReLU",
    "'nn.PReLU, [16]', 16, torch.nn.modules.activation.PReLU",
    "'nn.Identity, []', 0, torch.nn.modules.linear.Identity",
    "'nn.Dropout, [0.1]', 0, torch.nn.modules.dropout.Dropout",
    "'nn.Dropout2d, []', 0, torch.nn.modules.dropout.Dropout2d",
    "'nn.AvgPool2d, [2]', 0, torch.nn.modules.pooling.AvgPool2d",
    "'nn.AvgPool2d, [3, 1, 1]', 0, torch.nn.modules.pooling.AvgPool2d",
    "'nn.MaxPool2d, [2]', 0, torch.nn.modules.pooling.MaxPool2d",
    "'nn.BatchNorm2d, [16]', 32, torch.nn.modules.batchnorm.BatchNorm2d",
    "'nn.InstanceNorm2d, [16]', 0, torch.nn.modules.instancenorm.InstanceNorm2d",
    "'nn.InstanceNorm2d, [16, 0.001, 0.1, true]', 32, torch.nn.modules.instancenorm.InstanceNorm2d",
    "'nn.Conv2d, [16, 16, 3, 1, 1]', 2320, torch.nn.modules.conv.Conv2d",
    "'nn.ConvTranspose2d, [16, 2, 2]', 1040, torch.nn.modules.conv.ConvTranspose2d",
    "'nn.ZeroPad2d, [1]', 0, torch.nn.modules.padding.ZeroPad2d",
    "'nn.Upsample, [null, 2, nearest]', 0, torch.nn.modules.upsampling.Upsample",
    "'nn.UpsamplingNearest2d, [null, 2]', 0, torch.nn.modules.upsampling.UpsamplingNearest2d",
    "'nn.UpsamplingBilinear2d, [null, 2]', 0, torch.nn.modules.upsampling.UpsamplingBilinear2d"
  })
  void modulesOfTorchAreLayers(String layer, long parameters, String className) {
    LayerSummary actual = layer(layer);
    assertEquals(parameters, actual.parameters());
    assertEquals(className, actual.module());
  }

  @ParameterizedTest
  @CsvSource({
    "'nn.ReLU, [true, 1]', at most 1 argument",
    "'nn.LeakyReLU, [x]', negative_slope",
    "'nn.Softplus, [1, 10]', threshold",
    "'nn.PReLU, [3]', num_parameters",
    "'nn.Dropout, [2]', probability",
    "'nn.AvgPool2d, []', kernel",
    "'nn.AvgPool2d, [2, 2, 0, true]', ceil_mode",
    "'nn.Conv2d, [16, 32, 1]', channels",
    "'nn.Swish, []', no block of this name"
  })
  void wrongArgumentsOfTorchModulesAreErrors(String layer, String word) {
    String message = rejection(NETWORK.replace("LAYER", layer));
    assertTrue(message.contains("layer 1 (") && message.contains(word), message);
  }

  @ParameterizedTest
  @CsvSource({
    "'[nc, 5]', '[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]', 5",
    "'[nc, [[10, 13, 16, 30, 33, 23]]]', '[[10, 13, 16, 30, 33, 23]]', 3",
    "'[nc, anchors]', '[[10, 13, 16, 30]]', 2"
  })
  void headsHaveTheAnchorsOfTheirLayer(String arguments, String printed, int count) {
    Summary summary =
        summary(NETWORK.replace("LAYER", "nn.Identity, []").replace("[nc, anchors]", arguments));
    LayerSummary head = summary.layers().get(3);
    assertEquals(List.of("2", printed, "[16]"), head.arguments());
    assertEquals(count * 7L * 17, head.parameters());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[nc, [[10, 13], [16, 30]]]",
        "[nc, [10, 13]]",
        "[nc, []]",
        "[nc, [[10]]]",
        "[nc, 0]",
        "[nc, 65]",
        "[nc, sizes]",
        "[nc, [[a, b]]]"
      })
  void wrongAnchorsOfALayerAreErrors(String arguments) {
    String message =
        rejection(NETWORK.replace("LAYER", "nn.Identity, []").replace("[nc, anchors]", arguments));
    assertTrue(message.contains("anchors"), message);
  }

  @Test
  void missingFactorsAreNamed() throws IOException {
    String scales = rejection(text("scales.yaml"));
    assertTrue(scales.contains("depth_multiple and width_multiple are missing"), scales);
    assertTrue(scales.contains("scales") && scales.contains("YOLOv8"), scales);
    String network = NETWORK.replace("LAYER", "nn.Identity, []");
    String depth = rejection(network.replace("depth_multiple: 1.0\n", ""));
    assertTrue(depth.contains("depth_multiple is missing"), depth);
    String width = rejection(network.replace("width_multiple: 1.0\n", ""));
    assertTrue(width.contains("width_multiple is missing"), width);
    assertFalse(width.contains("YOLOv8"), width);
    assertEquals(4, summary(network + "scales: {n: [0.33, 0.25, 1024]}\n").layers().size());
  }

  @Test
  void unknownBlocksAreReportedBeforeWhatFollowsFromThem() throws IOException {
    String backbone = rejection(text("unknown_backbone.yaml"));
    assertTrue(backbone.contains("layer 0 (EMO_1M)"), backbone);
    String cascaded =
        rejection(
            NETWORK.replace("LAYER", "iRMB_Cascaded, [16]").replace("bottleneck: standard\n", ""));
    assertTrue(cascaded.contains("layer 1 (iRMB_Cascaded)"), cascaded);
    String later =
        rejection(
            NETWORK
                .replace("LAYER", "C3, [16, x]")
                .replace("Conv, [16, 3, 2]]\nhead", "CoordAtt, []]\nhead"));
    assertTrue(later.contains("layer 2 (CoordAtt)"), later);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GBK", "ISO-8859-1", "windows-1251", "Shift_JIS", "Big5", "EUC-KR"})
  void commentsMayHaveAnyEncoding(String encoding) throws IOException {
    String comment = "# 数据集 é ü Д 鈥 聙 聟 鹃\n";
    String network = NETWORK.replace("LAYER", "nn.Identity, []");
    ByteArrayOutputStream yaml = new ByteArrayOutputStream();
    yaml.write(comment.getBytes(Charset.forName(encoding)));
    yaml.write(new byte[] {'#', (byte) 0xC2, (byte) 0x85, (byte) 0xE2, (byte) 0x80, (byte) 0xA8});
    yaml.write(new byte[] {(byte) 0xFF, '\n'});
    yaml.write(network.replace("\n", " # \u00e9\n").getBytes(Charset.forName(encoding)));
    assertEquals(4, summary(yaml.toByteArray()).layers().size());
  }

  @Test
  void valuesInAnotherEncodingAreErrors() {
    String yaml = NETWORK.replace("LAYER", "nn.Identity, []").replace("nc: 2", "nc: 2\nx: \u00e9");
    String message =
        String.valueOf(
            assertThrows(
                    ModelConfigException.class,
                    () -> summary(yaml.getBytes(StandardCharsets.ISO_8859_1)))
                .getMessage());
    assertTrue(message.contains("model.yaml:2") && message.contains("UTF-8"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"depth_multiple", "width_multiple", "ch", "activation", "bottleneck", "nc"})
  void errorsOfTheReaderNameTheKey(String key) {
    String network =
        NETWORK.replace("LAYER", "nn.Identity, []").replaceAll("(?m)^" + key + ":.*\n", "");
    for (String value : List.of(".nan", ".inf", "0x10", "!!binary x", "*gone")) {
      String message = rejection(network + key + ": " + value + "\n");
      assertTrue(message.contains(key), message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'iRMB, [16, true, 1.0, bn_2d, relu, true, 3, 1, 1, 0.0, 8, -1]'",
    "'iRMB, [16, true, 1.0, bn_2d, relu, true, 3, 1, 1, 0.0, 8, -7]'",
    "'iRMB, [16, true, true, bn_2d, relu, true, 3, true, true, false, 8, 7]'",
    "'iRMB, [true, true, true, bn_2d, mish, true, 3, true, true, false, true, true]'",
    "'iRMB, [16, true, 1.0, bn_2d, mish]'",
    "'iRMB, [16, true, 1.0, bn_2d, swish]'",
    "'iRMB, [16, true, 1.0, bn_2d, hsigmoid]'",
    "'iRMB, [16, true, 1.0, bn_2d, hswish]'",
    "'iRMB, [16, true, 1.0, bn_2d, hmish]'",
    "'iRMB, [16, true, 1.0, bn_2d, none]'"
  })
  void optionsOfAnIrmbAreThoseOfItsCode(String layer) {
    assertEquals("models.common.iRMB", layer(layer).module());
    assertEquals(layer("iRMB, [16]").parameters(), layer(layer).parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iRMB, [16] | [16, 16]",
        "iRMB, [] | [16, 16]",
        "iRMB, [16, true, 2.0, bn_2d, silu] | [16, 16, True, 2.0, 'bn_2d', 'silu']",
        "Conv, [16, 3, 1, null, 1, 1, nn.ReLU()] | [16, 16, 3, 1, None, 1, 1, ReLU()]",
        "C3, [16, 'False'] | [16, 16, 1, False]",
        "MixConv2d, [16, [1, 3], 1] | [16, 16, [1, 3], 1]"
      })
  void summaryPrintsEveryArgument(String layer, String printed) {
    assertEquals(printed, layer(layer).arguments().toString());
  }

  @Test
  void mixConv2dIsInTheModuleOfYolov5() {
    assertEquals("models.experimental.MixConv2d", layer("MixConv2d, [16]").module());
  }

  /** Each Conv has the network's one PReLU; a layer of its own has another. */
  @Test
  void sharedActivationsCountOnce() {
    String network = NETWORK.replace("LAYER", "Conv, [16, 3, 1]");
    long without = summary(network).parameters();
    Summary shared = summary(network + "activation: nn.PReLU()\n");
    assertEquals(without + 1, shared.parameters());
    assertEquals(
        summary(network).layers().get(1).parameters() + 1, shared.layers().get(1).parameters());
    long own =
        summary(NETWORK.replace("LAYER", "nn.PReLU, []") + "activation: nn.PReLU()\n").parameters();
    long none = summary(NETWORK.replace("LAYER", "nn.Identity, []")).parameters();
    assertEquals(none + 2, own);
  }
}
