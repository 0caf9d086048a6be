package ai.irmb;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.draw.HeatMap;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What attention looks at, held against a computation from the raw weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("engine")
class AttentionTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final int WINDOW = 7;
  private static final int DEPTH = 8;
  private static final double BN_EPS = 1e-3;

  private final Detector detector = detector(160);

  private static Detector detector(int size) {
    return Detector.builder()
        .weights(WEIGHTS)
        .device("cpu")
        .options(DetectOptions.DEFAULTS.withSize(size).withRectangular(false))
        .build();
  }

  @AfterAll
  void close() {
    detector.close();
  }

  private static double sum(AttentionMap map) {
    double sum = 0;
    for (float[] row : map.toArray()) {
      for (float value : row) {
        sum += value;
      }
    }
    return sum;
  }

  @Test
  void everyQueryGivesAwayExactlyOne() throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    // 20 positions become 21, 10 become 14, 5 become 7.
    int[] sides = {20, 10, 5};
    int[] padded = {21, 14, 7};
    assertEquals(List.of(18, 22, 26), detector.attentionLayers());
    for (int i = 0; i < 3; i++) {
      List<AttentionMap> maps = detector.attention(image, detector.attentionLayers().get(i));
      assertEquals(1, maps.size());
      AttentionMap map = maps.get(0);
      assertEquals(sides[i] + " x " + sides[i], map.height() + " x " + map.width());
      double all = padded[i] * padded[i];
      assertEquals(all * (1 - map.paddingFraction()), sum(map), 1e-3);
      assertTrue(map.paddingFraction() > 0 && map.paddingFraction() < 0.6, map.toString());
    }
    try (Detector whole = detector(224)) {
      for (int layer : whole.attentionLayers()) {
        AttentionMap map = whole.attention(image, layer).get(0);
        assertEquals(map.height() * map.width(), sum(map), 1e-3);
        assertEquals(0, map.paddingFraction(), 1e-6);
      }
    }
  }

  /** Layer 18 from what layer 17 gives: norm, zeros, queries and keys, softmax, in plain Java. */
  @Test
  void oneWindowIsWhatTheWeightsSay() throws IOException {
    RgbImage image = square(RgbImage.read(IMAGE));
    AttentionMap map = detector.attention(image, 18).get(0);
    Checkpoint checkpoint = CheckpointReader.read(WEIGHTS, Limits.DEFAULTS);
    Model model =
        ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
    float[] x = new float[3 * 160 * 160];
    for (int i = 0; i < x.length; i++) {
      int at = i % (160 * 160);
      int rgb = image.rgb(at % 160, at / 160);
      x[i] = (rgb >> (16 - 8 * (i / (160 * 160))) & 0xFF) / 255f;
    }
    List<float[]> before = new ArrayList<>();
    LayerTrace.run(
        model,
        "cpu",
        Shape.of(1, 3, 160, 160),
        x,
        (name, shape, values) -> {
          if (name.equals("layer17")) {
            before.add(values);
          }
        });
    StateDict state = checkpoint.weights();
    int channels = before.get(0).length / 400;
    float[] scale = floats(state, "model.18.norm.weight");
    float[] shift = floats(state, "model.18.norm.bias");
    float[] mean = floats(state, "model.18.norm.running_mean");
    float[] variance = floats(state, "model.18.norm.running_var");
    float[] qk = floats(state, "model.18.qk.conv.weight");
    // Window (1, 2) of 3 x 3: rows 1, 4, 7 ..., columns 2, 5, 8 ...; column 20 is padding.
    int positions = WINDOW * WINDOW;
    double[][] projected = new double[positions][2 * channels];
    for (int p = 0; p < positions; p++) {
      int row = 1 + 3 * (p / WINDOW);
      int column = 2 + 3 * (p % WINDOW);
      for (int c = 0; c < channels && row < 20 && column < 20; c++) {
        double value = before.get(0)[(c * 20 + row) * 20 + column];
        double normed = (value - mean[c]) / Math.sqrt(variance[c] + BN_EPS) * scale[c] + shift[c];
        for (int o = 0; o < 2 * channels; o++) {
          projected[p][o] += qk[o * channels + c] * normed;
        }
      }
    }
    double[] received = new double[positions];
    int heads = channels / DEPTH;
    for (int head = 0; head < heads; head++) {
      for (double[] query : projected) {
        double[] weight = new double[positions];
        double all = 0;
        for (int key = 0; key < positions; key++) {
          double dot = 0;
          for (int d = 0; d < DEPTH; d++) {
            int at = head * DEPTH + d;
            dot += query[at] * projected[key][channels + at];
          }
          weight[key] = Math.exp(dot / Math.sqrt(DEPTH));
          all += weight[key];
        }
        for (int key = 0; key < positions; key++) {
          received[key] += weight[key] / all / heads;
        }
      }
    }
    for (int p = 0; p < positions; p++) {
      int row = 1 + 3 * (p / WINDOW);
      int column = 2 + 3 * (p % WINDOW);
      if (row < 20 && column < 20) {
        assertEquals(received[p], map.value(row, column), 1e-3 * received[p], row + ", " + column);
      }
    }
  }

  private static float[] floats(StateDict state, String key) {
    return requireNonNull(state.tensors().get(key), key).toFloats();
  }

  /** A part of the image that is letterboxed as it is. */
  private static RgbImage square(RgbImage image) {
    return image.crop(200, 150, 160, 160);
  }

  @Test
  void mapLiesOnTheImageWithoutItsPadding() throws IOException {
    // 640 x 480 in 160 x 160: 20 pixels of padding above and below, 2.5 positions of 20.
    AttentionMap map = detector.attention(RgbImage.read(IMAGE), 18).get(0);
    assertEquals(640, map.imageWidth());
    assertEquals(480, map.imageHeight());
    for (int row = 3; row < 17; row++) {
      for (int column = 0; column < 20; column++) {
        double x = (8 * column + 4) * 4.0;
        double y = (8 * row + 4 - 20) * 4.0;
        assertEquals(map.value(row, column), map.at(x, y), 1e-5);
      }
    }
    float between = (map.value(5, 7) + map.value(5, 8) + map.value(6, 7) + map.value(6, 8)) / 4;
    assertEquals(between, map.at(8 * 8 * 4.0, (8 * 6 - 20) * 4.0), 1e-5);
  }

  @Test
  void brightestWhereMostAttentionIs() throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    AttentionMap map = detector.attention(image, 22).get(0);
    byte[] gray = new byte[3 * 640 * 480];
    Arrays.fill(gray, (byte) 128);
    RgbImage drawn = new HeatMap().draw(RgbImage.of(640, 480, gray), map);
    int most = 0;
    int least = 0;
    for (int i = 0; i < 640 * 480; i++) {
      most = at(map, i) > at(map, most) ? i : most;
      least = at(map, i) < at(map, least) ? i : least;
    }
    assertTrue(red(drawn, most) > red(drawn, least) + 100);
    RgbImage other = image.crop(0, 0, 100, 100);
    assertThrows(IllegalArgumentException.class, () -> new HeatMap().draw(other, map));
  }

  private static float at(AttentionMap map, int i) {
    int row = i / 640;
    return map.at(i % 640 + 0.5, row + 0.5);
  }

  private static int red(RgbImage image, int i) {
    return image.rgb(i % 640, i / 640) >> 16;
  }

  @Test
  void layersOfBottlenecksHaveAMapForEach() {
    RgbImage image = RgbImage.of(64, 64, new byte[3 * 64 * 64]);
    try (Detector each =
        Detector.builder()
            .weights(Path.of("models/bccd-yolov5n_iRMB-bottleneck.pt"))
            .device("cpu")
            .options(DetectOptions.DEFAULTS.withSize(64))
            .build()) {
      assertEquals(List.of(2, 4, 6, 8, 13, 17, 18, 21, 22, 25, 26), each.attentionLayers());
      assertEquals(3, each.attention(image, 6).size());
    }
  }

  @Test
  void layerWithoutAttentionIsNamedWithThoseThatHave() {
    RgbImage image = RgbImage.of(64, 64, new byte[3 * 64 * 64]);
    for (int layer : new int[] {3, 99, -1}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> detector.attention(image, layer));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("layer " + layer), message);
      assertTrue(message.contains("layer 18 (iRMB), layer 22 (iRMB), layer 26 (iRMB)"), message);
    }
  }

  @Test
  void looksLeaveNativeMemoryWhereItWas() throws IOException {
    RgbImage image = RgbImage.of(64, 64, new byte[3 * 64 * 64]);
    for (int i = 0; i < 5; i++) {
      detector.attention(image, 26);
    }
    long before = NativeMemory.resident();
    for (int i = 0; i < 20; i++) {
      detector.attention(image, 26);
    }
    // The weights alone are 8 MB, so a leak of them would be 160.
    long grown = NativeMemory.resident() - before;
    assertTrue(grown < 24 << 20, "resident memory grew by " + grown + " bytes");
  }
}
