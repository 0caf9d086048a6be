package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class MaskTest {
  private static Mask of(String... rows) {
    return of(rows[0].length(), rows.length, (x, y) -> rows[y].charAt(x) == '#');
  }

  private interface Pixels {
    boolean isOn(int x, int y);
  }

  /** The definition: pixel after pixel, column after column. */
  private static Mask of(int width, int height, Pixels pixels) {
    List<Integer> counts = new ArrayList<>(List.of(0));
    boolean on = false;
    for (int at = 0; at < width * height; at++) {
      if (pixels.isOn(at / height, at % height) != on) {
        on = !on;
        counts.add(0);
      }
      counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
    }
    return Mask.of(width, height, counts.stream().mapToInt(i -> i).toArray());
  }

  private static Mask random(long seed, int width, int height, int share) {
    Random random = new Random(seed);
    BitSet bits = new BitSet();
    for (int i = 0; i < width * height; i++) {
      bits.set(i, random.nextInt(100) < share);
    }
    return of(width, height, (x, y) -> bits.get(y * width + x));
  }

  private static Shape path(List<Mask.Polygon> polygons) {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    for (Mask.Polygon polygon : polygons) {
      path.moveTo(polygon.x(0), polygon.y(0));
      for (int i = 1; i < polygon.size(); i++) {
        path.lineTo(polygon.x(i), polygon.y(i));
      }
      path.closePath();
    }
    return path;
  }

  @Property(tries = 300)
  void everyFormHoldsTheSamePixels(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 0, max = 100) int share) {
    Mask mask = random(seed, width, height, share);
    BitSet bits = mask.toBitSet();
    BufferedImage image = mask.toBufferedImage();
    List<Mask.Polygon> polygons = mask.polygons();
    Shape filled = path(polygons);
    double enclosed = 0;
    for (Mask.Polygon polygon : polygons) {
      enclosed += polygon.isHole() ? -polygon.area() : polygon.area();
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean on = mask.contains(x, y);
        assertEquals(on, bits.get(y * width + x));
        assertEquals(on ? 255 : 0, image.getRaster().getSample(x, y, 0));
        assertEquals(on, filled.contains(x + 0.5, y + 0.5));
      }
    }
    assertEquals(bits.cardinality(), mask.area());
    assertEquals(mask.area(), enclosed);
    assertEquals(mask, Mask.of(width, height, mask.counts()));
    assertArrayEquals(mask.counts(), decode(mask.toCocoRle()));
  }

  /** COCO's text back to counts, by its description. */
  private static int[] decode(String text) {
    List<Integer> counts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int value = 0;
      int shift = 0;
      int group;
      do {
        group = text.charAt(at++) - 48;
        value |= (group & 31) << shift;
        shift += 5;
      } while ((group & 32) != 0);
      if ((group & 16) != 0) {
        value |= -1 << shift;
      }
      int n = counts.size();
      counts.add(n > 2 ? value + counts.get(n - 2) : value);
    }
    return counts.stream().mapToInt(i -> i).toArray();
  }

  /** Worked out by hand from the description of COCO's compressed counts. */
  @Test
  void textIsCocos() {
    assertEquals("52203", of("....", ".##.", ".##.", "....").toCocoRle());
    // 16 needs two groups, since one of 16 would be negative; 5 - 4 = 1; 59 - 16 = 11 + 32.
    assertEquals("`04`01[1", Mask.of(10, 10, new int[] {16, 4, 16, 5, 59}).toCocoRle());
  }

  @Test
  void outlinesAreOuterOnesAndHoles() {
    Mask mask = of("####..", "#..#..", "#..#..", "####.#");
    List<Mask.Polygon> polygons = mask.polygons();
    assertEquals(3, polygons.size());
    assertArrayEquals(new int[] {4, 0, 4, 4, 0, 4, 0, 0}, polygons.get(0).toArray());
    assertEquals(16, polygons.get(0).area());
    assertFalse(polygons.get(0).isHole());
    assertTrue(polygons.get(1).isHole());
    assertEquals(4, polygons.get(1).area());
    assertEquals(1, polygons.get(2).area());
    assertEquals(13, mask.area());
  }

  @Test
  void pixelsThatTouchAtACornerBelongTogether() {
    assertEquals(1, of("#..", ".#.", "..#").polygons().size());
    assertEquals(1, of("..#", ".#.", "#..").polygons().size());
  }

  @Test
  void simplifiedOutlineStaysNearAndIsShort() {
    int side = 200;
    Mask disk = of(side, side, (x, y) -> Math.hypot(x - 99.5, y - 99.5) < 80);
    Mask.Polygon exact = disk.polygons().get(0);
    Mask.Polygon simple = exact.simplified(0.75);
    assertTrue(simple.size() < exact.size() / 5, exact.size() + " became " + simple.size());
    for (int i = 0; i < exact.size(); i++) {
      assertTrue(distance(simple, exact.x(i), exact.y(i)) <= 0.7501, "corner " + i);
    }
    Area difference = new Area(path(List.of(exact)));
    difference.exclusiveOr(new Area(path(List.of(simple))));
    assertEquals(disk.area(), simple.area(), 0.02 * disk.area());
    assertFalse(difference.isEmpty());
    Mask.Polygon pixel = of("#").polygons().get(0);
    assertEquals(4, pixel.simplified(9).size());
    assertThrows(IllegalArgumentException.class, () -> pixel.simplified(Double.NaN));
  }

  private static double distance(Mask.Polygon polygon, int x, int y) {
    double least = Double.POSITIVE_INFINITY;
    int last = polygon.size() - 1;
    for (int i = 0; i < polygon.size(); i++) {
      least =
          Math.min(
              least,
              java.awt.geom.Line2D.ptSegDist(
                  polygon.x(last), polygon.y(last), polygon.x(i), polygon.y(i), x, y));
      last = i;
    }
    return least;
  }

  @Test
  void refusesRunsOfAnotherSize() {
    assertThrows(IllegalArgumentException.class, () -> Mask.of(2, 2, new int[] {1, 2}));
    assertThrows(IllegalArgumentException.class, () -> Mask.of(2, 2, new int[] {-1, 5}));
    assertThrows(IllegalArgumentException.class, () -> Mask.of(0, 2, new int[0]));
    assertThrows(IllegalArgumentException.class, () -> Mask.of(65536, 65536, new int[] {0}));
    assertThrows(IndexOutOfBoundsException.class, () -> of("#").contains(0, 1));
  }
}
