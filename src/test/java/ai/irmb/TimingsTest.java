package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which stages have a time, and that the times of all fit into the time of the call. */
@Tag("engine")
class TimingsTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  private static void assertNetworkRan(Timings timings) {
    assertTrue(timings.letterbox() > 0, timings.toString());
    assertTrue(timings.inference() > 0, timings.toString());
    assertTrue(timings.postprocess() > 0, timings.toString());
  }

  @Test
  void stagesThatRanHaveATime() throws IOException {
    try (Detector detector = Detector.builder().weights(WEIGHTS).device("cpu").build()) {
      long start = System.nanoTime();
      Detections file = detector.detect(IMAGE);
      assertTrue(file.timings().total() <= Timings.since(start));
      assertNetworkRan(file.timings());
      assertTrue(file.timings().decode() > 0);
      try (InputStream in = Files.newInputStream(IMAGE)) {
        assertTrue(detector.detect(in).timings().decode() > 0);
      }
      RgbImage image = RgbImage.read(IMAGE);
      Detections pixels = detector.detect(image);
      assertNetworkRan(pixels.timings());
      assertEquals(0, pixels.timings().decode());
      assertEquals(file, pixels);
      assertEquals(file.hashCode(), pixels.hashCode());
    }
  }

  @Test
  void batchesTimeIsShared() throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    try (Detector detector =
        Detector.builder().weights(WEIGHTS).device("cpu").batchSize(3).build()) {
      long start = System.nanoTime();
      List<Detections> all = detector.detectAll(Collections.nCopies(3, image));
      double elapsed = Timings.since(start);
      assertTrue(all.stream().mapToDouble(d -> d.timings().total()).sum() <= elapsed);
      assertEquals(1, all.stream().mapToDouble(d -> d.timings().inference()).distinct().count());
      all.forEach(each -> assertNetworkRan(each.timings()));
    }
  }

  @Test
  void slicesTimesAreAddedUp() {
    Timings each = new Timings(0, 1, 2, 3);
    SlicedDetection slicing =
        new SlicedDetection(
            (images, options) ->
                Collections.nCopies(
                    images.size(), new Detections(64, 64, 64, 64, List.of()).withTimings(each)),
            2);
    RgbImage image = RgbImage.of(192, 64, new byte[3 * 192 * 64]);
    DetectOptions options = DetectOptions.DEFAULTS.withSlices(Slices.of(64));
    Timings sum = slicing.detect(image, options, SliceGrid.of(192, 64, 64, 64, 0)).timings();
    assertEquals(3 + 1, sum.letterbox(), "three slices and the full image");
    assertEquals(2 * (3 + 1), sum.inference());
    assertTrue(sum.postprocess() >= 3 * (3 + 1), "the merge takes its time too");
  }

  @Test
  void detectionsAreEqualWhateverTheyTook() {
    Detection cell = new Detection(0, "RBC", 0.5f, new Box(1, 2, 3, 4));
    Detections one = new Detections(64, 48, 32, 32, List.of(cell));
    assertEquals(Timings.NONE, one.timings());
    assertEquals(one, one.withTimings(new Timings(1, 2, 3, 4)));
    assertNotEquals(one, one.withList(List.of()));
    assertNotEquals(one, one.withList(List.of(cell.withTrackId(1))));
    assertNotEquals(one, new Detections(64, 48, 32, 32, List.of(cell), true));
    assertNotEquals(one, new Detections(48, 64, 32, 32, List.of(cell)));
    assertEquals(10, new Timings(1, 2, 3, 4).total());
  }

  @Test
  void impossibleTimesAndTracksAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Timings(-1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Timings(0, Double.NaN, 0, 0));
    Detection cell = new Detection(0, "RBC", 0.5f, new Box(1, 2, 3, 4));
    assertEquals(
        "trackId: expected at least 1, found 0",
        assertThrows(IllegalArgumentException.class, () -> cell.withTrackId(0)).getMessage());
    assertEquals("#7 RBC 0.50 at (1, 2) to (3, 4)", cell.withTrackId(7).toString());
  }
}
