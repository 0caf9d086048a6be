package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.testing.Npz;
import ai.irmb.testing.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Masks against PyTorch's and OpenCV's own, and against the rules in plain Java. */
@Tag("fast")
class MasksTest {
  private static final Path FIXTURE = Path.of("src/test/resources/reference/masks/masks.npz");

  private static ScoredBoxes rows(float[] boxes, float[] coefficients, int masks) {
    int n = boxes.length / 4;
    return new ScoredBoxes(n, boxes, new float[n], new int[n], new int[n], coefficients, masks);
  }

  @TestFactory
  Stream<DynamicTest> equalPyTorchAndOpenCv() throws IOException {
    Map<String, Npz.Array> arrays = Npz.read(FIXTURE);
    return IntStream.iterate(0, i -> arrays.containsKey(i + "/sizes"), i -> i + 1)
        .mapToObj(i -> DynamicTest.dynamicTest("case " + i, () -> equal(arrays, i + "/")));
  }

  private static void equal(Map<String, Npz.Array> arrays, String name) {
    float[] sizes = requireNonNull(arrays.get(name + "sizes")).data();
    Npz.Array p = requireNonNull(arrays.get(name + "prototypes"));
    Prototypes prototypes = new Prototypes(p.data(), p.shape()[1], p.shape()[2]);
    float[] coefficients = requireNonNull(arrays.get(name + "coefficients")).data();
    float[] boxes = requireNonNull(arrays.get(name + "boxes")).data();
    float[] imaged = requireNonNull(arrays.get(name + "pictured")).data();
    int inputHeight = (int) sizes[0];
    int inputWidth = (int) sizes[1];
    int height = (int) sizes[2];
    int width = (int) sizes[3];
    ScoredBoxes letterboxed = rows(boxes, coefficients, prototypes.count());
    ScoredBoxes original = rows(imaged, coefficients, prototypes.count());
    List<int[]> standard =
        Masks.standard(prototypes, letterboxed, inputWidth, inputHeight, width, height);
    List<int[]> retina = Masks.retina(prototypes, original, width, height);
    for (int i = 0; i < letterboxed.count(); i++) {
      check(arrays, name + "standard" + i, standard.get(i), width * height);
      check(arrays, name + "retina" + i, retina.get(i), width * height);
    }
  }

  /** A value within a rounding error of one half may fall on either side; there are few. */
  private static void check(Map<String, Npz.Array> arrays, String name, int[] counts, int pixels) {
    float[] runs = requireNonNull(arrays.get(name)).data();
    int[] expected = new int[runs.length];
    for (int i = 0; i < runs.length; i++) {
      expected[i] = (int) runs[i];
    }
    int off = difference(pixels(expected, pixels), pixels(counts, pixels));
    assertTrue(off <= pixels / 5000, name + ": " + off + " of " + pixels + " pixels differ");
  }

  private static boolean[] pixels(int[] counts, int pixels) {
    assertEquals(pixels, Arrays.stream(counts).sum());
    boolean[] out = new boolean[pixels];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      Arrays.fill(out, at, at + counts[i], i % 2 == 1);
      at += counts[i];
    }
    return out;
  }

  private static int difference(boolean[] a, boolean[] b) {
    return (int) IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
  }

  private static boolean[] pixels(NaiveMasks.Grid grid) {
    boolean[] out = new boolean[grid.width() * grid.height()];
    for (int i = 0; i < out.length; i++) {
      out[i] = grid.at(i / grid.height(), i % grid.height()) > 0;
    }
    return out;
  }

  private static final int[][] SIZES = {
    // Input width and height, image width and height.
    {160, 128, 250, 187},
    {96, 160, 33, 71},
    {160, 160, 700, 90},
    {128, 96, 128, 96},
    {128, 96, 64, 48},
    {32, 32, 1, 1},
    {64, 96, 2, 300},
  };

  @Test
  void agreeWithTheRulesSaidPlainly() {
    Random random = new Random(11);
    long seen = 0;
    long off = 0;
    for (int[] s : SIZES) {
      Prototypes prototypes = prototypes(random, s[0] / 4, s[1] / 4, 5);
      ScoredBoxes letterboxed = randomRows(random, s[0], s[1], 5);
      ScoredBoxes original = randomRows(random, s[2], s[3], 5);
      List<int[]> standard = Masks.standard(prototypes, letterboxed, s[0], s[1], s[2], s[3]);
      List<int[]> retina = Masks.retina(prototypes, original, s[2], s[3]);
      for (int i = 0; i < letterboxed.count(); i++) {
        NaiveMasks.Grid a = NaiveMasks.standard(prototypes, letterboxed, i, s[0], s[1], s[2], s[3]);
        NaiveMasks.Grid b = NaiveMasks.retina(prototypes, original, i, s[2], s[3]);
        int pixels = s[2] * s[3];
        off += difference(pixels(a), pixels(standard.get(i), pixels));
        assertEquals(0, difference(pixels(b), pixels(retina.get(i), pixels)), "retina " + i);
        seen += pixels;
      }
    }
    // OpenCV's bytes round otherwise than real numbers, on the outline alone.
    assertTrue(off <= seen / 500, off + " of " + seen + " pixels differ");
  }

  /** Blobs rather than noise: a real prototype is smooth. */
  private static Prototypes prototypes(Random random, int width, int height, int count) {
    float[] data = new float[count * width * height];
    for (int k = 0; k < count; k++) {
      double fx = 8 * random.nextDouble() / width;
      double fy = 8 * random.nextDouble() / height;
      double phase = 6 * random.nextDouble();
      for (int i = 0; i < width * height; i++) {
        int x = i % width;
        int y = i / width;
        data[k * width * height + i] = (float) Math.sin(fx * x + fy * y + phase);
      }
    }
    return new Prototypes(data, height, width);
  }

  private static ScoredBoxes randomRows(Random random, int width, int height, int masks) {
    int n = 8;
    float[] boxes = new float[4 * n];
    float[] coefficients = new float[masks * n];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = 3 * (float) random.nextGaussian();
    }
    for (int i = 0; i < 4 * n; i += 4) {
      float x = width * (1.2f * random.nextFloat() - 0.1f);
      float y = height * (1.2f * random.nextFloat() - 0.1f);
      boxes[i] = x;
      boxes[i + 1] = y;
      boxes[i + 2] = x + width * random.nextFloat();
      boxes[i + 3] = y + height * random.nextFloat();
    }
    System.arraycopy(new float[] {-5, -5, width + 5, height + 5}, 0, boxes, 0, 4);
    return rows(boxes, coefficients, masks);
  }

  @Test
  void agreeOnPrototypesAndRowsOfUpstream() throws IOException {
    for (String file : List.of("checkpoints/seg.npz", "models/yolov5n_iRMB-seg.npz")) {
      Map<String, Npz.Array> arrays = Npz.read(Shared.path("reference/" + file));
      int[] input = requireNonNull(arrays.get("x")).shape();
      Npz.Array proto = requireNonNull(arrays.get("proto"));
      Npz.Array decoded = requireNonNull(arrays.get("decoded"));
      int masks = proto.shape()[1];
      int numbers = decoded.shape()[2];
      Prototypes prototypes =
          new Prototypes(
              Arrays.copyOf(proto.data(), masks * proto.shape()[2] * proto.shape()[3]),
              proto.shape()[2],
              proto.shape()[3]);
      int count = decoded.shape()[1];
      float[] boxes = new float[4 * count];
      float[] coefficients = new float[masks * count];
      for (int i = 0; i < count; i++) {
        Boxes.toCorners(decoded.data(), i * numbers, boxes, 4 * i);
        System.arraycopy(decoded.data(), (i + 1) * numbers - masks, coefficients, i * masks, masks);
      }
      ScoredBoxes rows = rows(boxes, coefficients, masks);
      int inputHeight = input[2];
      int inputWidth = input[3];
      // The network's input taken for the image: no resize, so not a pixel may differ.
      List<int[]> standard =
          Masks.standard(prototypes, rows, inputWidth, inputHeight, inputWidth, inputHeight);
      List<int[]> retina = Masks.retina(prototypes, rows, inputWidth, inputHeight);
      long off = 0;
      for (int i = 0; i < count; i++) {
        int pixels = inputWidth * inputHeight;
        NaiveMasks.Grid a =
            NaiveMasks.standard(
                prototypes, rows, i, inputWidth, inputHeight, inputWidth, inputHeight);
        NaiveMasks.Grid b = NaiveMasks.retina(prototypes, rows, i, inputWidth, inputHeight);
        off += difference(pixels(a), pixels(standard.get(i), pixels));
        off += difference(pixels(b), pixels(retina.get(i), pixels));
      }
      assertTrue(off <= count / 10, file + ": " + off + " pixels of " + count + " masks differ");
    }
  }

  @Test
  void emptyBoxHasAnEmptyMask() {
    Prototypes prototypes = new Prototypes(new float[] {5, 5, 5, 5}, 2, 2);
    ScoredBoxes rows = rows(new float[] {3, 3, 3, 3, 90, 90, 95, 95}, new float[] {1, 1}, 1);
    for (int[] counts : Masks.standard(prototypes, rows, 8, 8, 10, 10)) {
      assertArrayEquals(new int[] {100}, counts);
    }
    for (int[] counts : Masks.retina(prototypes, rows, 10, 10)) {
      assertArrayEquals(new int[] {100}, counts);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Masks.retina(prototypes, rows(new float[4], new float[2], 2), 10, 10));
  }
}
