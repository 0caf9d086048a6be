package ai.irmb;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.NativeMemory;
import ai.irmb.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;

/** Large images in slices, with trained models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("reference")
class SlicedDetectionTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");

  /** The background of a smear. */
  private static final int EMPTY = 0xF0E8E0;

  private final Detector detector = Detector.builder().weights(WEIGHTS).device("cpu").build();
  private RgbImage image = RgbImage.of(1, 1, new byte[3]);

  @BeforeAll
  void readImage() throws IOException {
    image = RgbImage.read(IMAGE);
  }

  @AfterAll
  void close() {
    detector.close();
  }

  private static DetectOptions sliced(Slices slices) {
    return DetectOptions.DEFAULTS.withSlices(slices).withMaxDetections(1000);
  }

  /** Images side by side, each pixel a square of pixels. */
  private static final class Mosaic {
    private final int width;
    private final int height;
    private final byte[] pixels;

    Mosaic(int width, int height) {
      this.width = width;
      this.height = height;
      this.pixels = new byte[3 * width * height];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (EMPTY >> (16 - 8 * (i % 3)));
      }
    }

    Mosaic put(RgbImage part, int left, int top, int grown) {
      byte[] row = new byte[3 * grown * part.width()];
      for (int y = 0; y < part.height(); y++) {
        for (int x = 0; x < grown * part.width(); x++) {
          int rgb = part.rgb(x / grown, y);
          row[3 * x] = (byte) (rgb >> 16);
          row[3 * x + 1] = (byte) (rgb >> 8);
          row[3 * x + 2] = (byte) rgb;
        }
        for (int k = 0; k < grown; k++) {
          int at = 3 * ((top + grown * y + k) * width + left);
          System.arraycopy(row, 0, pixels, at, row.length);
        }
      }
      return this;
    }

    RgbImage image() {
      return RgbImage.of(width, height, pixels);
    }
  }

  @Test
  void imageNoLargerThanASliceIsLookedAtAsItIs() {
    RgbImage small = image.crop(0, 0, 320, 240);
    RgbImage large = new Mosaic(1280, 960).put(image, 300, 200, 1).image();
    Slices slices = Slices.of(480, 640);
    assertEquals(detector.detect(image), detector.detect(image, sliced(slices)));
    List<Detections> all = detector.detectAll(List.of(small, large, image), sliced(slices));
    assertEquals(detector.detect(small), all.get(0));
    assertEquals(detector.detect(large, sliced(slices)), all.get(1));
    assertEquals(detector.detect(image), all.get(2));
  }

  /** How the labelled objects of several images were found. */
  private static final class Score {
    private int labels;
    private int found;
    private int right;
    private int doubled;

    void add(List<Detection> detections, List<Detection> truth) {
      boolean[] taken = new boolean[truth.size()];
      for (Detection d : detections) {
        int best = -1;
        boolean again = false;
        for (int i = 0; i < taken.length; i++) {
          if (truth.get(i).classId() == d.classId()) {
            float iou = truth.get(i).box().iou(d.box());
            again |= taken[i] && inside(d.box(), truth.get(i).box()) > 0.5;
            if (!taken[i] && iou >= 0.5 && (best < 0 || iou > truth.get(best).box().iou(d.box()))) {
              best = i;
            }
          }
        }
        if (best >= 0) {
          taken[best] = true;
          right++;
        } else if (again) {
          doubled++;
        }
      }
      labels += truth.size();
      found += detections.size();
    }

    /** How much of a box lies in another. */
    private static float inside(Box box, Box other) {
      float width = Math.min(box.x2(), other.x2()) - Math.max(box.x1(), other.x1());
      float height = Math.min(box.y2(), other.y2()) - Math.max(box.y1(), other.y1());
      return width > 0 && height > 0 ? width * height / box.area() : 0;
    }

    double recall() {
      return (double) right / labels;
    }

    double precision() {
      return (double) right / found;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "recall %.3f, precision %.3f, found again %d, of %d",
          recall(),
          precision(),
          doubled,
          labels);
    }
  }

  private static List<Detection> labels(Path file, RgbImage image) throws IOException {
    List<Detection> labels = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      double[] n = Stream.of(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
      labels.add(
          new Detection(
              (int) n[0],
              "label",
              1,
              new Box(
                  (float) ((n[1] - n[3] / 2) * image.width()),
                  (float) ((n[2] - n[4] / 2) * image.height()),
                  (float) ((n[1] + n[3] / 2) * image.width()),
                  (float) ((n[2] + n[4] / 2) * image.height()))));
    }
    return labels;
  }

  private static Detection moved(Detection d, int left, int top, int grown) {
    Box b = d.box();
    return new Detection(
        d.classId(),
        d.label(),
        d.confidence(),
        new Box(
            grown * b.x1() + left,
            grown * b.y1() + top,
            grown * b.x2() + left,
            grown * b.y2() + top));
  }

  /**
   * Mosaics of four test images: a strip of 2560 x 480, and a square of 2560 x 1920 in which images
   * are twice as large.
   */
  @Test
  void slicesFindInMosaicsWhatSingleImagesShow(TestReporter reporter) throws IOException {
    Path data = Shared.path("data/bccd");
    List<Path> files;
    try (Stream<Path> list = Files.list(data.resolve("images/test"))) {
      files = list.sorted().limit(16).toList();
    }
    for (boolean strip : new boolean[] {true, false}) {
      Score whole = new Score();
      Score sliced = new Score();
      Score single = new Score();
      for (int first = 0; first < files.size(); first += 4) {
        int grown = strip ? 1 : 2;
        Mosaic mosaic = new Mosaic(2560, strip ? 480 : 1920);
        List<Detection> truth = new ArrayList<>();
        List<Detection> alone = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
          Path file = files.get(first + k);
          RgbImage part = RgbImage.read(file);
          int left = strip ? 640 * k : 1280 * (k % 2);
          int top = strip ? 0 : 960 * (k / 2);
          mosaic.put(part, left, top, grown);
          String name = String.valueOf(file.getFileName()).replace(".jpg", ".txt");
          labels(data.resolve("labels/test").resolve(name), part)
              .forEach(d -> truth.add(moved(d, left, top, grown)));
          detector.detect(part).forEach(d -> alone.add(moved(d, left, top, grown)));
        }
        RgbImage image = mosaic.image();
        whole.add(
            detector.detect(image, DetectOptions.DEFAULTS.withMaxDetections(1000)).list(), truth);
        sliced.add(detector.detect(image, sliced(Slices.of(640 * grown))).list(), truth);
        single.add(alone, truth);
      }
      String what = strip ? "2560 x 480" : "2560 x 1920";
      reporter.publishEntry(what + " whole", whole.toString());
      reporter.publishEntry(what + " in slices", sliced.toString());
      reporter.publishEntry(what + " its four images", single.toString());
      assertTrue(sliced.recall() > whole.recall() + 0.03, sliced + " and " + whole);
      assertTrue(sliced.recall() > single.recall() - 0.03, sliced + " and " + single);
      assertTrue(sliced.doubled <= single.doubled + 3, sliced + " and " + single);
    }
  }

  /** The white cell of the sample, cut out with its surroundings, and where it is in them. */
  private record Cell(RgbImage image, Box box) {}

  private Cell whiteCell() {
    Box box =
        detector.detect(image).stream()
            .filter(d -> d.label().equals("WBC"))
            .findFirst()
            .orElseThrow()
            .box();
    int left = Math.max((int) box.x1() - 10, 0);
    int top = Math.max((int) box.y1() - 10, 0);
    int width = Math.min((int) box.width() + 20, image.width() - left);
    int height = Math.min((int) box.height() + 20, image.height() - top);
    return new Cell(
        image.crop(left, top, width, height),
        new Box(box.x1() - left, box.y1() - top, box.x2() - left, box.y2() - top));
  }

  @Test
  void cellOnASeamIsFoundOnce() {
    Cell cell = whiteCell();
    Slices slices = Slices.of(480, 640).withOverlap(0.25);
    SliceGrid tiling = SliceGrid.of(1120, 840, 640, 480, 0.25);
    int x = tiling.x(1) - 20;
    int y = tiling.y(2) - 20;
    for (int step = -120; step <= 120; step += 40) {
      onceAt(cell, slices, x + step, y, 1);
      onceAt(cell, slices, x + 60, y + step, 1);
    }
  }

  /** Several times as large as the overlap: by its parts, and by the image as a whole. */
  @Test
  void cellLargerThanTheOverlapIsFoundOnce() {
    Cell cell = whiteCell();
    for (int x : new int[] {150, 330, 500}) {
      onceAt(cell, Slices.of(480, 640).withOverlap(0.1), x, 300, 2);
    }
  }

  private void onceAt(Cell cell, Slices slices, int x, int y, int grown) {
    RgbImage smear = new Mosaic(1120, 840).put(cell.image, x, y, grown).image();
    Detections found = detector.detect(smear, sliced(slices).withClasses(Set.of(1)));
    String where = "cell at " + x + ", " + y + ": " + found;
    assertEquals(1, found.size(), where);
    Box box = moved(new Detection(1, "WBC", 1, cell.box), x, y, grown).box();
    assertTrue(found.get(0).box().iou(box) > 0.6, where + ", not " + box);
  }

  @Test
  void hugeImageTakesNoMoreThanItsSlices() {
    int width = 8000;
    int height = 6000;
    RgbImage huge = new Mosaic(width, height).put(image, 7100, 5300, 1).image();
    List<Detection> found = detector.detect(huge, sliced(Slices.of(1500, 2000))).list();
    assertFalse(found.isEmpty());
    assertTrue(found.stream().allMatch(d -> d.box().x1() > 7000 && d.box().y1() > 5200));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> detector.detect(huge, sliced(Slices.of(32))));
    assertTrue(String.valueOf(e.getMessage()).contains("slices"), e.getMessage());
  }

  @Test
  void slicesLeaveNativeMemoryWhereItWas() throws IOException {
    RgbImage large = new Mosaic(900, 700).put(image, 130, 110, 1).image();
    DetectOptions options = sliced(Slices.of(300)).withSize(160);
    for (int i = 0; i < 10; i++) {
      detector.detect(large, options);
    }
    long before = NativeMemory.resident();
    for (int i = 0; i < 25; i++) {
      detector.detect(large, options);
    }
    long grown = NativeMemory.resident() - before;
    assertTrue(grown < 24 << 20, "resident memory grew by " + grown + " bytes");
  }

  @Test
  void masksFollowTheirBoxes() {
    Path weights = Shared.path("reference/models/yolov5n_iRMB-seg.pt");
    RgbImage photo = image.crop(0, 0, 480, 320);
    Slices slices = Slices.of(320).withOverlap(0.4).withIncludeFullImage(false);
    DetectOptions options =
        DetectOptions.DEFAULTS.withSize(320).withConfidenceThreshold(0.001).withMaxDetections(40);
    try (Detector segmenter =
        Detector.builder().weights(weights).device("cpu").batchSize(1).build()) {
      List<Seen> seen = new ArrayList<>();
      for (int x : new int[] {0, 160}) {
        for (Detection d :
            segmenter.detect(photo.crop(x, 0, 320, 320), options.withMaxDetections(300))) {
          seen.add(new Seen(x, d));
        }
      }
      Detections found = segmenter.detect(photo, options.withSlices(slices));
      assertFalse(found.isEmpty());
      for (Detection d : found) {
        Mask mask = requireNonNull(d.mask());
        assertEquals("480 x 320", mask.width() + " x " + mask.height());
        Seen part =
            seen.stream()
                .filter(s -> s.detection.confidence() == d.confidence())
                .findFirst()
                .orElseThrow();
        Mask own = requireNonNull(part.detection.mask());
        boolean isWhole = moved(part.detection, part.left, 0, 1).box().equals(d.box());
        for (int at = 0; at < 480 * 320; at++) {
          int x = at % 480 - part.left;
          boolean on = x >= 0 && x < 320 && own.contains(x, at / 480);
          boolean is = mask.contains(at % 480, at / 480);
          if (isWhole ? on != is : on && !is) {
            fail(d + " at " + at);
          }
        }
      }
    }
  }

  /** What one slice shows. */
  private record Seen(int left, Detection detection) {}
}
