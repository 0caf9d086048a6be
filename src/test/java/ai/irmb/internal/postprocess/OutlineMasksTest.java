package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.testing.Allocated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Outlines are filled as OpenCV does, and masks are compared bit by bit. */
@Tag("fast")
class OutlineMasksTest {
  /** Width, height, the pixels as bits in hexadecimal digits, and the corners. */
  private static final Path FIXTURE = Path.of("src/test/resources/reference/masks/outlines.txt");

  @Test
  void fillsAsOpenCvDoes() throws IOException {
    List<String> lines = Files.readAllLines(FIXTURE);
    assertEquals(240, lines.size());
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      int width = Integer.parseInt(words[0]);
      int height = Integer.parseInt(words[1]);
      BitSet expected = BitSet.valueOf(HexFormat.of().parseHex(words[2]));
      int[] v = Arrays.stream(words).skip(3).mapToInt(Integer::parseInt).toArray();
      assertEquals(expected, pixels(fill(v, width, height), width, height), line);
    }
  }

  private static OutlineFill fill(int[] corners, int width, int height) {
    int[] xs = new int[corners.length / 2];
    int[] ys = new int[xs.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = corners[2 * i];
      ys[i] = corners[2 * i + 1];
    }
    return new OutlineFill(xs, ys, width, height);
  }

  private static BitSet pixels(OutlineFill filled, int width, int height) {
    BitSet bits = new BitSet();
    for (int i = 0; i < width * height; i++) {
      bits.set(i, filled.contains(i % width, i / width));
    }
    return bits;
  }

  @Test
  void cutsAnOutlineAtTheEdgesOfTheImage() {
    OutlineFill filled = fill(new int[] {-5, -7, 9, -7, 9, 4, -5, 4}, 20, 20);
    assertEquals(10 * 5, pixels(filled, 20, 20).cardinality());
    assertEquals(
        400,
        pixels(fill(new int[] {-9, -9, 90, -9, 90, 90, -9, 90}, 20, 20), 20, 20).cardinality());
    assertEquals(0, pixels(fill(new int[] {-9, 3, -2, 8, -5, 9}, 20, 20), 20, 20).cardinality());
    assertEquals(0, pixels(fill(new int[] {25, 3, 22, 8, 30, 9}, 20, 20), 20, 20).cardinality());
    assertEquals(20, pixels(fill(new int[] {-90, 3, 90, 3}, 20, 20), 20, 20).cardinality());
    int far = Integer.MAX_VALUE;
    pixels(fill(new int[] {-far, -far, far, 5, 3, far}, 20, 20), 20, 20);
  }

  /** At a quarter of the size a pixel is set if three of the four pixels at its center are. */
  @Test
  void resizesToTheSizeOfThePrototypes() {
    LetterboxGeometry letterbox = LetterboxGeometry.of(32, 16, 32, 32, false, false, 1);
    assertEquals(8, letterbox.top());
    OutlineMasks masks = new OutlineMasks(letterbox, 8, 8);
    // Columns 2 to 14 and rows 8 + 2 to 8 + 10.
    BinaryMask mask =
        masks.of(
            new float[] {
              2 / 32f, 2 / 16f, 14 / 32f, 2 / 16f, 14 / 32f, 10 / 16f, 2 / 32f, 10 / 16f
            });
    // Centers are columns 1 2, 5 6, 9 10, 13 14 and rows 9 10, 13 14, 17 18.
    assertEquals(3 * 2, mask.count());
    assertEquals(0, masks.of(new float[] {0.5f, 0.5f}).count(), "one pixel");
  }

  @Test
  void iouIsThatOfTheSetPixels() {
    Random random = new Random(3);
    for (int n = 0; n < 300; n++) {
      boolean[][] a = new boolean[150][90];
      boolean[][] b = new boolean[150][90];
      BinaryMask first = random(random, a);
      BinaryMask second = random(random, b);
      int both = 0;
      int either = 0;
      for (int x = 0; x < 150; x++) {
        for (int y = 0; y < 90; y++) {
          both += a[x][y] && b[x][y] ? 1 : 0;
          either += a[x][y] || b[x][y] ? 1 : 0;
        }
      }
      assertEquals(either == 0 ? 0 : (double) both / either, first.iou(second), 1e-6);
      assertEquals(first.iou(second), second.iou(first));
    }
  }

  private static BinaryMask random(Random random, boolean[][] set) {
    int left = random.nextInt(150);
    int top = random.nextInt(90);
    int right = left + random.nextInt(151 - left);
    int bottom = top + random.nextInt(91 - top);
    for (int x = left; x < right; x++) {
      for (int y = top; y < bottom; y++) {
        set[x][y] = random.nextInt(3) > 0;
      }
    }
    return new BinaryMask(new PixelArea(left, top, right, bottom), (x, y) -> set[x][y]);
  }

  @Test
  void threeHundredMasksTakeLittleMemory() {
    int side = 160;
    Prototypes prototypes = new Prototypes(new float[32 * side * side], side, side);
    int count = 300;
    float[] boxes = new float[4 * count];
    for (int i = 0; i < count; i++) {
      boxes[4 * i + 2] = 4 * side;
      boxes[4 * i + 3] = 4 * side;
    }
    ScoredBoxes found =
        new ScoredBoxes(
            count,
            boxes,
            new float[count],
            new int[count],
            new int[count],
            new float[32 * count],
            32);
    Masks.atPrototypes(prototypes, found, 4 * side, 4 * side);
    long before = Allocated.bytes();
    List<BinaryMask> masks = Masks.atPrototypes(prototypes, found, 4 * side, 4 * side);
    long bytes = Allocated.bytes() - before;
    assertEquals(count, masks.size());
    assertTrue(bytes < 3_000_000, bytes + " bytes");
  }
}
