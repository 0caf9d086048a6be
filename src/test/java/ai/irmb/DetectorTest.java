package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.RgbImage;
import ai.irmb.testing.NativeMemory;
import ai.irmb.testing.SameDetections;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The detector from the outside, with the model and the image that ship. */
@Tag("engine")
class DetectorTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  private static Detector detector(ExecutionMode mode) {
    return Detector.builder().weights(WEIGHTS).device("cpu").execution(mode).build();
  }

  @Test
  void readmesFiveLinesFindCells() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Detector detector = Detector.load(WEIGHTS)) {
      detector.detect(IMAGE).forEach(d -> lines.add(d.toString()));
      assertEquals(320, detector.defaultSize());
      assertEquals("RBC", detector.names().get(0));
    }
    assertEquals(15, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith("WBC 0.8"), lines.get(0));
  }

  @Test
  void executionsAgree() throws IOException {
    try (Detector compiled = detector(ExecutionMode.COMPILED);
        Detector eager = detector(ExecutionMode.EAGER)) {
      Detections expected = eager.detect(IMAGE);
      assertFalse(expected.list().isEmpty());
      SameDetections.assertSame(expected.list(), compiled.detect(IMAGE).list());
    }
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void batchesGiveWhatSingleImagesGive(ExecutionMode mode) throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    RgbImage tall = RgbImage.of(60, 200, new byte[3 * 60 * 200]);
    try (Detector detector = detector(mode)) {
      List<Detections> all = detector.detectAll(List.of(image, tall, image));
      assertEquals(0, all.get(1).size());
      assertEquals(all.get(0), all.get(2));
      assertFalse(all.get(0).list().isEmpty());
      SameDetections.assertSame(detector.detect(image).list(), all.get(0).list());
    }
  }

  /** More than the processor takes at once: every image gets its own boxes, in order. */
  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void largeBatchesKeepTheirOrder(ExecutionMode mode) throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    List<RgbImage> cuts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      cuts.add(cut(image, 40 * i, 400, 400));
    }
    try (Detector detector = detector(mode)) {
      List<Detections> all = detector.detectAll(cuts);
      for (int i = 0; i < cuts.size(); i++) {
        SameDetections.assertSame(detector.detect(cuts.get(i)).list(), all.get(i).list());
      }
      assertEquals(5, all.stream().map(Detections::list).distinct().count());
    }
  }

  private static RgbImage cut(RgbImage image, int from, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = from; x < from + width; x++) {
        int pixel = image.rgb(x, y);
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  @Test
  void manyCallersGetWhatOneGets() throws Exception {
    RgbImage image = RgbImage.read(IMAGE);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (Detector detector =
        Detector.builder().weights(WEIGHTS).device("cpu").maxConcurrency(2).build()) {
      Detections expected = detector.detect(image);
      List<Future<Detections>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        results.add(callers.submit(() -> detector.detect(image)));
      }
      for (Future<Detections> result : results) {
        assertEquals(expected, result.get());
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void manyCallsLeaveMemoryWhereItWas(ExecutionMode mode) throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    try (Detector detector = detector(mode)) {
      DetectOptions small = DetectOptions.DEFAULTS.withSize(160);
      for (int i = 0; i < 50; i++) {
        detector.detect(image, small);
      }
      long before = NativeMemory.resident();
      for (int i = 0; i < 200; i++) {
        detector.detect(image, small);
      }
      long grown = NativeMemory.resident() - before;
      // The heap may grow to its own liking; 200 leaked inputs alone would be more than this.
      assertTrue(grown < 24 << 20, "resident memory grew by " + grown + " bytes");
    }
  }

  @Test
  void closedDetectorSaysSo() {
    Detector detector = detector(ExecutionMode.COMPILED);
    detector.close();
    detector.close();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> detector.detect(IMAGE));
    assertEquals("Detector is closed", e.getMessage());
  }

  @Test
  void missingDeviceIsNeverSilentlyTheCpu() {
    InferenceException e =
        assertThrows(
            InferenceException.class,
            () -> Detector.builder().weights(WEIGHTS).device("cuda:99").build());
    says(e, "cuda:99", "pytorch-native-cu124", "and no pytorch-native-cpu");
  }

  @Test
  void badOptionsNameTheOption() {
    assertThrows(
        IllegalArgumentException.class, () -> DetectOptions.DEFAULTS.withConfidenceThreshold(1.5));
    try (Detector detector = detector(ExecutionMode.COMPILED)) {
      RgbImage image = RgbImage.of(32, 32, new byte[3 * 32 * 32]);
      DetectOptions options = DetectOptions.DEFAULTS.withClasses(Set.of(3));
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> detector.detect(image, options));
      assertTrue(String.valueOf(e.getMessage()).contains("0 to 2"), e.getMessage());
    }
  }

  @Test
  void yamlOfAnotherNetworkIsRefusedWithTheDifference() {
    says(
        assertThrows(WeightsException.class, () -> Detector.load("yolov5s_iRMB.yaml", WEIGHTS)),
        "model.0.conv.weight",
        "width_multiple",
        "without a YAML");
    says(
        assertThrows(
            WeightsException.class, () -> Detector.load("yolov5n_iRMB-bottleneck.yaml", WEIGHTS)),
        "bottleneck: irmb",
        "bottleneck: standard");
  }

  @Test
  void brokenYamlsNameLineLayerAndModule(@TempDir Path folder) throws IOException {
    String good = Files.readString(Path.of("configs/yolov5n_iRMB.yaml"), StandardCharsets.UTF_8);
    refuses(
        folder,
        good.replace("iRMB, []] # 22", "iRBM, []]"),
        "layer 22",
        "iRBM",
        "did you mean \"iRMB\"");
    refuses(folder, good.replace("[[-1, 14], 1, Concat", "[[-1, 99], 1, Concat"), "layer 20", "99");
    refuses(
        folder, good.replace("SPPF, [1024, 5]", "SPPF, [1024, five]"), "layer 9", "kernel", "five");
    refuses(folder, good.replace("nc: 80", "nc: many"), "nc", "many");
    refuses(
        folder, good.replace("bottleneck: standard", "bottleneck: other"), "bottleneck", "other");
    refuses(folder, "nc: [", "YAML");
  }

  private static void refuses(Path folder, String yaml, String... words) throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, yaml, StandardCharsets.UTF_8);
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = "bad.yaml";
    says(
        assertThrows(
            ModelConfigException.class,
            () ->
                ai.irmb.internal.network.ModelAssembly.describe(
                    ai.irmb.internal.config.ModelConfig.read(file, ai.irmb.limit.Limits.DEFAULTS),
                    ai.irmb.internal.block.BlockRegistry.standard())),
        all);
  }

  @Test
  void missingWeightsFileIsNamed() {
    says(
        assertThrows(WeightsException.class, () -> Detector.load("nowhere.pt")),
        "nowhere.pt",
        "no such file");
  }

  @Test
  void invalidPathIsAnError() {
    String nonsense = "no\0where";
    says(
        assertThrows(WeightsException.class, () -> Detector.load(nonsense)),
        "\"no\\u0000where\"",
        "not a valid path");
    says(
        assertThrows(ModelConfigException.class, () -> Detector.load(nonsense, WEIGHTS)),
        "\"no\\u0000where\"",
        "not a valid path");
  }

  @Test
  void engineIsOfflineAndDoesNotCountUse() {
    assertFalse(Detector.engine().isEmpty());
    assertEquals("true", System.getProperty("ai.djl.offline"));
    assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
  }

  private static void says(IrmbException e, String... words) {
    List<String> missing = new ArrayList<>();
    Collections.addAll(missing, words);
    missing.removeIf(word -> String.valueOf(e.getMessage()).contains(word));
    assertEquals(List.of(), missing, e.getMessage());
  }
}
