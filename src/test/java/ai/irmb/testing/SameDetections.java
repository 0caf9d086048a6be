package ai.irmb.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Mask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares detections of the same image from different forward passes, in everything that they
 * have. Floating-point sums in another order change the last bits: hence the tolerances.
 */
public final class SameDetections {
  private static final double CONFIDENCE = 1e-4;

  /** In pixels of the original image. */
  private static final double SIDE = 0.05;

  /** Pixels of two masks that may differ, as a fraction of the larger one's area. */
  private static final double MASK = 0.01;

  private SameDetections() {}

  /** Asserts the same detections in the same order. */
  public static void assertSame(List<Detection> expected, List<Detection> actual) {
    assertEquals(expected.size(), actual.size(), () -> expected + " and " + actual);
    for (int i = 0; i < expected.size(); i++) {
      Detection a = expected.get(i);
      Detection b = actual.get(i);
      String where = "detection " + i;
      assertEquals(a.classId(), b.classId(), where);
      assertEquals(a.label(), b.label(), where);
      assertEquals(a.confidence(), b.confidence(), CONFIDENCE, where);
      assertSame(a.box(), b.box(), where);
      assertSame(a.mask(), b.mask(), where);
    }
  }

  private static void assertSame(Box expected, Box actual, String where) {
    assertEquals(expected.x1(), actual.x1(), SIDE, where);
    assertEquals(expected.y1(), actual.y1(), SIDE, where);
    assertEquals(expected.x2(), actual.x2(), SIDE, where);
    assertEquals(expected.y2(), actual.y2(), SIDE, where);
  }

  private static void assertSame(@Nullable Mask expected, @Nullable Mask actual, String where) {
    if (expected == null) {
      assertNull(actual, where);
      return;
    }
    assertNotNull(actual, where);
    assertEquals(expected.width(), actual.width(), where);
    assertEquals(expected.height(), actual.height(), where);
    int different = 0;
    for (int x = 0; x < expected.width(); x++) {
      for (int y = 0; y < expected.height(); y++) {
        different += expected.contains(x, y) == actual.contains(x, y) ? 0 : 1;
      }
    }
    int count = different;
    assertTrue(
        count <= MASK * Math.max(expected.area(), actual.area()),
        () -> where + ": " + count + " pixels of the masks differ");
  }
}
