package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.Shared;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Results say whether a maximum removed detections. */
@Tag("engine")
class MaxDetectionsTest {
  private static final Path CELLS = Path.of("models/sample/blood-cells.jpg");
  private static final Path MODEL = Path.of("models/bccd-yolov5n_iRMB.pt");

  /** Upstream's detect.py finds 416. */
  @Test
  void aCrowdIsComplete() throws Exception {
    Path weights = Shared.path("data/checkpoints/yolov5n-coco.pt");
    RgbImage crowd = RgbImage.read(Shared.path("trials/pictures/crowd.png"));
    DetectOptions options = DetectOptions.DEFAULTS.withSize(1280);
    try (Detector detector = Detector.load(weights)) {
      Detections all = detector.detect(crowd, options);
      assertEquals(416, all.size());
      assertFalse(all.truncated());
      Detections some = detector.detect(crowd, options.withMaxDetections(300));
      assertEquals(all.list().subList(0, 300), some.list());
      assertTrue(some.truncated());
    }
  }

  @Test
  void aMaximumThatRemovesNothingIsNotReported() throws Exception {
    RgbImage cells = RgbImage.read(CELLS);
    try (Detector detector = Detector.load(MODEL)) {
      int n = detector.detect(cells).size();
      DetectOptions options = DetectOptions.DEFAULTS.withMaxDetections(n);
      assertFalse(detector.detect(cells, options).truncated());
      Detections some = detector.detect(cells, options.withMaxDetections(n - 1));
      assertEquals(n - 1, some.size());
      assertTrue(some.truncated());
    }
  }

  @Test
  void slicesReportTheMaximumToo() throws Exception {
    RgbImage cells = RgbImage.read(CELLS);
    DetectOptions sliced = DetectOptions.DEFAULTS.withSlices(Slices.of(320));
    try (Detector detector = Detector.load(MODEL)) {
      int n = detector.detect(cells, sliced).size();
      assertFalse(detector.detect(cells, sliced).truncated());
      Detections some = detector.detect(cells, sliced.withMaxDetections(n - 1));
      assertEquals(n - 1, some.size());
      assertTrue(some.truncated());
    }
  }
}
