package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Outlines drawn again by a rasterizer with the rule of OpenCV's {@code fillPoly}: the inside and
 * the outline itself.
 */
@Tag("fast")
@net.jqwik.api.Tag("fast")
class OutlinesTest {
  private static Mask of(int width, int height, BitSet rowMajor) {
    List<Integer> counts = new ArrayList<>(List.of(0));
    boolean on = false;
    for (int at = 0; at < width * height; at++) {
      if (rowMajor.get(at % height * width + at / height) != on) {
        on = !on;
        counts.add(0);
      }
      counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
    }
    return Mask.of(width, height, counts.stream().mapToInt(i -> i).toArray());
  }

  private static BitSet random(long seed, int pixels, int share) {
    Random random = new Random(seed);
    BitSet bits = new BitSet();
    for (int i = 0; i < pixels; i++) {
      bits.set(i, random.nextInt(100) < share);
    }
    return bits;
  }

  /** A blob with slanted sides, as objects have. */
  private static BitSet disk(int side, int x, int y, int radius) {
    BitSet bits = new BitSet();
    for (int at = 0; at < side * side; at++) {
      bits.set(at, Math.hypot(at % side - x, at / side - y) <= radius);
    }
    return bits;
  }

  private static boolean isOnOutline(int[] p, int x, int y) {
    for (int i = 0; i < p.length; i += 2) {
      int ax = p[i];
      int ay = p[i + 1];
      int bx = p[(i + 2) % p.length];
      int by = p[(i + 3) % p.length];
      boolean isOnLine = (bx - ax) * (y - ay) == (by - ay) * (x - ax);
      if (isOnLine
          && x >= Math.min(ax, bx)
          && x <= Math.max(ax, bx)
          && y >= Math.min(ay, by)
          && y <= Math.max(ay, by)) {
        return true;
      }
    }
    return false;
  }

  /** The even-odd rule for a point that is not on the outline. */
  private static boolean isInside(int[] p, int x, int y) {
    boolean inside = false;
    for (int i = 0; i < p.length; i += 2) {
      int ax = p[i];
      int ay = p[i + 1];
      int bx = p[(i + 2) % p.length];
      int by = p[(i + 3) % p.length];
      if ((ay > y) != (by > y) && x < ax + (double) (y - ay) * (bx - ax) / (by - ay)) {
        inside = !inside;
      }
    }
    return inside;
  }

  private static void draw(BitSet canvas, int[] p, boolean isHole, int width, int height) {
    for (int at = 0; at < width * height; at++) {
      int x = at % width;
      int y = at / width;
      boolean isOn = isOnOutline(p, x, y);
      if (isHole ? !isOn && isInside(p, x, y) : isOn || isInside(p, x, y)) {
        canvas.set(at, !isHole);
      }
    }
  }

  private static BitSet drawn(Mask mask, PolygonMode mode) {
    BitSet canvas = new BitSet();
    for (Mask.Polygon polygon : mask.outlines(mode)) {
      draw(canvas, polygon.toArray(), polygon.isHole(), mask.width(), mask.height());
    }
    return canvas;
  }

  @Property(tries = 500)
  void centersDrawnAgainAreTheMask(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 14) int width,
      @ForAll @IntRange(min = 1, max = 14) int height,
      @ForAll @IntRange(min = 0, max = 100) int share) {
    BitSet bits = random(seed, width * height, share);
    Mask mask = of(width, height, bits);
    assertEquals(bits, drawn(mask, PolygonMode.CENTERS));
    mask.outlines(PolygonMode.CENTERS).forEach(p -> assertTrue(p.size() >= 3));
  }

  @Test
  void edgesDrawnAgainGrow() {
    BitSet square = new BitSet();
    for (int y = 10; y < 30; y++) {
      square.set(64 * y + 10, 64 * y + 30);
    }
    Mask mask = of(64, 64, square);
    assertEquals(20 * 20, drawn(mask, PolygonMode.CENTERS).cardinality());
    assertEquals(21 * 21, drawn(mask, PolygonMode.EDGES).cardinality());
  }

  /** What a label says is rounded to six digits, so the way there and back is part of the rule. */
  @Property(tries = 40)
  void labelWithCentersDoesNotGrow(
      @ForAll @IntRange(min = 60, max = 200) int side,
      @ForAll @IntRange(min = 0, max = 59) int x,
      @ForAll @IntRange(min = 0, max = 59) int y,
      @ForAll @IntRange(min = 0, max = 25) int radius) {
    BitSet disk = disk(side, x, y, radius);
    Detection d = new Detection(3, "cell", 0.5f, new Box(0, 0, 1, 1), of(side, side, disk));
    WriteOptions options = WriteOptions.DEFAULTS.withPolygons(PolygonMode.CENTERS);
    String[] label = d.toYoloLabel(side, side, options).split(" ", -1);
    assertEquals("3", label[0]);
    int[] corners = new int[label.length - 1];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = (int) Math.rint(Double.parseDouble(label[i + 1]) * side);
    }
    BitSet canvas = new BitSet();
    draw(canvas, corners, false, side, side);
    assertEquals(disk, canvas);
  }

  /** As {@code cv2.findContours(…, CHAIN_APPROX_SIMPLE)} of OpenCV 4.6 gives them. */
  @Test
  void cornersAreOpenCvs() {
    BitSet bits = new BitSet();
    String[] rows = {"..##..", ".####.", "######", "#.####", ".##..#"};
    for (int at = 0; at < 30; at++) {
      bits.set(at, rows[at / 6].charAt(at % 6) == '#');
    }
    assertSameCycle(
        new int[] {2, 0, 0, 2, 0, 3, 1, 4, 2, 4, 3, 3, 4, 3, 5, 4, 5, 2, 3, 0},
        of(6, 5, bits).outlines(PolygonMode.CENTERS).get(0).toArray());
  }

  /** Starting point and direction are free. */
  private static void assertSameCycle(int[] expected, int[] actual) {
    List<List<Integer>> a = corners(expected);
    List<List<Integer>> b = corners(actual);
    Collections.reverse(b);
    assertEquals(a.size(), b.size(), () -> a + " and " + b);
    Collections.rotate(b, -b.indexOf(a.get(0)));
    assertEquals(a, b);
  }

  private static List<List<Integer>> corners(int[] values) {
    List<List<Integer>> corners = new ArrayList<>();
    for (int i = 0; i < values.length; i += 2) {
      corners.add(List.of(values[i], values[i + 1]));
    }
    return corners;
  }

  @Test
  void onePixelHasThreeCorners() {
    BitSet bits = new BitSet();
    bits.set(3 * 5 + 2);
    assertArrayEquals(
        new int[] {2, 3, 2, 3, 2, 3},
        of(5, 5, bits).outlines(PolygonMode.CENTERS).get(0).toArray());
  }
}
