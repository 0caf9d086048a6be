package ai.irmb.testing;

import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.Detection;
import java.util.List;

/** Compares detections of one image whose networks computed with fewer bits. */
public final class Partners {
  /** Confident detections have partners; the others may come and go at a threshold. */
  private static final double CONFIDENT = 0.3;

  private static final double IOU = 0.9;

  private Partners() {}

  /**
   * Asserts that each confident detection of either list has a partner in the other: same class,
   * IoU at least 0.9, confidence within a tolerance.
   */
  public static void check(
      String what, List<Detection> expected, List<Detection> actual, double tolerance) {
    check(what, expected, actual, IOU, tolerance);
  }

  /** Asserts the same with another minimum of the IoU. */
  public static void check(
      String what, List<Detection> expected, List<Detection> actual, double iou, double tolerance) {
    oneWay(what + ": missing", expected, actual, iou, tolerance);
    oneWay(what + ": unexpected", actual, expected, iou, tolerance);
  }

  private static void oneWay(
      String what, List<Detection> from, List<Detection> to, double iou, double tolerance) {
    for (Detection a : from) {
      if (a.confidence() > CONFIDENT
          && to.stream().noneMatch(b -> arePartners(a, b, iou, tolerance))) {
        fail(what + " " + a + ", of " + from + " and " + to);
      }
    }
  }

  private static boolean arePartners(Detection a, Detection b, double iou, double tolerance) {
    return a.classId() == b.classId()
        && a.box().iou(b.box()) >= iou
        && Math.abs(a.confidence() - b.confidence()) <= tolerance;
  }
}
