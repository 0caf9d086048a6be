package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Where slices lie and how what they see is put together, without a network. */
@Tag("fast")
@net.jqwik.api.Tag("fast")
class SlicesTest {
  private static final SliceMerge MERGE = new SliceMerge(0.45, false);

  private static void refuses(Executable call, String... words) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @Test
  void valuesOutOfRangeNameTheOption() {
    refuses(() -> Slices.of(31), "slices", "31");
    refuses(() -> Slices.of(640, 0), "slices", "640 x 0");
    refuses(() -> Slices.of(20_000), "slices", "16384");
    for (double overlap : new double[] {-0.1, 0, 0.76, Double.NaN}) {
      refuses(() -> Slices.DEFAULTS.withOverlap(overlap), "overlap", String.valueOf(overlap));
    }
    refuses(() -> SliceGrid.of(100_000, 20_000, 64, 64, 0.2), "slices", "10000", "larger");
  }

  /** The sizes stay below the most slices that are allowed. */
  @Property(tries = 500)
  void slicesCoverTheImageAndOverlap(
      @ForAll @IntRange(min = 1, max = 7700) int width,
      @ForAll @IntRange(min = 1, max = 7700) int height,
      @ForAll @IntRange(min = 300, max = 1500) int sliceWidth,
      @ForAll @IntRange(min = 300, max = 1500) int sliceHeight,
      @ForAll @DoubleRange(min = 0.05, max = 0.75) double overlap) {
    SliceGrid tiling = SliceGrid.of(width, height, sliceWidth, sliceHeight, overlap);
    assertEquals(0, tiling.x(0));
    assertEquals(0, tiling.y(0));
    assertEquals(width, tiling.x(tiling.count() - 1) + tiling.sliceWidth());
    assertEquals(height, tiling.y(tiling.count() - 1) + tiling.sliceHeight());
    for (int i = 0; i < tiling.count(); i++) {
      if ((i + 1) % tiling.columns() != 0) {
        int shared = tiling.x(i) + tiling.sliceWidth() - tiling.x(i + 1);
        assertTrue(shared >= overlap * sliceWidth, shared + " columns");
      }
      if (i + tiling.columns() < tiling.count()) {
        int shared = tiling.y(i) + tiling.sliceHeight() - tiling.y(i + tiling.columns());
        assertTrue(shared >= overlap * sliceHeight, shared + " rows");
      }
    }
  }

  /** In doubles 300 · 0.14 is a hair above 42. */
  @Test
  void overlapIsRoundedUp() {
    slicesCoverTheImageAndOverlap(1, 4413, 300, 300, 0.14);
  }

  private static Detection detection(int classId, double confidence, Box box) {
    return new Detection(classId, "class " + classId, (float) confidence, box);
  }

  /** Objects that do not overlap, one in each cell of a grid. */
  private static List<Box> objects(Random random, int width, int height) {
    int columns = 1 + random.nextInt(12);
    int rows = 1 + random.nextInt(12);
    List<Box> objects = new ArrayList<>();
    float w = (float) width / columns;
    float h = (float) height / rows;
    for (int i = 0; i < columns * rows; i++) {
      int row = i / columns;
      float x = w * (i % columns + 0.2f * random.nextFloat());
      float y = h * (row + 0.2f * random.nextFloat());
      objects.add(
          new Box(
              x,
              y,
              x + w * (0.5f + 0.3f * random.nextFloat()),
              y + h * (0.5f + 0.3f * random.nextFloat())));
    }
    return objects;
  }

  /** What a detector without a fault sees: whatever of an object is in the slice. */
  private static List<SliceDetection> views(
      Random random, List<Box> objects, SliceGrid tiling, boolean whole) {
    List<SliceDetection> views = new ArrayList<>();
    for (int i = 0; i < tiling.count(); i++) {
      for (int k = 0; k < objects.size(); k++) {
        float x1 = Math.max(objects.get(k).x1() - tiling.x(i), 0);
        float y1 = Math.max(objects.get(k).y1() - tiling.y(i), 0);
        float x2 = Math.min(objects.get(k).x2() - tiling.x(i), tiling.sliceWidth());
        float y2 = Math.min(objects.get(k).y2() - tiling.y(i), tiling.sliceHeight());
        if (x2 - x1 >= 1 && y2 - y1 >= 1) {
          Detection seen =
              detection(k % 3, 0.3 + 0.6 * random.nextDouble(), new Box(x1, y1, x2, y2));
          views.add(SliceDetection.of(seen, i, tiling));
        }
      }
    }
    for (int k = 0; k < objects.size() && whole; k++) {
      if (tiling.isLarge(objects.get(k))) {
        views.add(
            SliceDetection.ofFullImage(
                detection(k % 3, 0.3 + 0.6 * random.nextDouble(), objects.get(k)), tiling));
      }
    }
    return views;
  }

  /** Of any size: far smaller than the overlap, far larger than a slice. */
  @Property(tries = 500)
  void eachObjectIsFoundOnceWhereverTheSeamsAre(
      @ForAll long seed,
      @ForAll @IntRange(min = 200, max = 3000) int width,
      @ForAll @IntRange(min = 200, max = 3000) int height,
      @ForAll @IntRange(min = 150, max = 800) int side,
      @ForAll @DoubleRange(min = 0.05, max = 0.75) double overlap,
      @ForAll boolean whole) {
    Random random = new Random(seed);
    List<Box> objects = objects(random, width, height);
    SliceGrid tiling = SliceGrid.of(width, height, side, side, overlap);
    List<Detection> found = MERGE.merge(views(random, objects, tiling, whole));
    assertEquals(objects.size(), found.size());
    for (int k = 0; k < objects.size(); k++) {
      int classId = k % 3;
      Box box = objects.get(k);
      assertEquals(
          1, found.stream().filter(d -> d.classId() == classId && d.box().iou(box) > 0.95).count());
    }
    for (int i = 1; i < found.size(); i++) {
      assertTrue(found.get(i - 1).confidence() >= found.get(i).confidence());
    }
  }

  /** Two slices side by side: columns 0 to 100 and 80 to 180. */
  private static final SliceGrid TWO = SliceGrid.of(180, 100, 100, 100, 0.2);

  private static SliceDetection left(int classId, double confidence, float x1, float x2) {
    return SliceDetection.of(detection(classId, confidence, new Box(x1, 20, x2, 60)), 0, TWO);
  }

  private static SliceDetection right(int classId, double confidence, float x1, float x2) {
    return SliceDetection.of(
        detection(classId, confidence, new Box(x1 - 80, 20, x2 - 80, 60)), 1, TWO);
  }

  private static List<Box> boxes(SliceMerge merge, SliceDetection... views) {
    return merge.merge(List.of(views)).stream().map(Detection::box).toList();
  }

  @Test
  void theMoreConfidentOfTwoWholeViewsStays() {
    assertEquals(
        List.of(new Box(83, 20, 96, 60)),
        boxes(MERGE, left(0, 0.6, 82, 96), right(0, 0.7, 83, 96)));
  }

  @Test
  void cutViewGoesIfItLiesInAWholeOneHoweverConfident() {
    assertEquals(
        List.of(new Box(84, 20, 120, 60)),
        boxes(MERGE, left(0, 0.9, 85, 100), right(0, 0.5, 84, 120)));
  }

  @Test
  void cutViewStaysBesideAWholeOneOfAnotherClass() {
    SliceDetection[] views = {left(1, 0.9, 85, 100), right(0, 0.5, 84, 120)};
    assertEquals(2, boxes(MERGE, views).size());
    assertEquals(1, boxes(new SliceMerge(0.45, true), views).size());
  }

  @Test
  void cutViewsBecomeTheBoxAroundThem() {
    assertEquals(
        List.of(new Box(40, 20, 150, 60)),
        boxes(MERGE, left(0, 0.5, 40, 100), right(0, 0.7, 80, 150)));
  }

  @Test
  void neighboursThatAreCutByOneSeamStayTwo() {
    // One on each side, which meet in the middle of the overlap; each is cut in the other's slice.
    assertEquals(
        List.of(new Box(40, 20, 90, 60), new Box(90, 20, 150, 60)),
        boxes(
            MERGE,
            left(0, 0.8, 40, 90),
            left(0, 0.4, 90, 100),
            right(0, 0.3, 80, 90),
            right(0, 0.7, 90, 150)));
  }

  @Test
  void cutViewWithoutAPartnerStays() {
    assertEquals(List.of(new Box(40, 20, 100, 60)), boxes(MERGE, left(0, 0.5, 40, 100)));
  }
}
