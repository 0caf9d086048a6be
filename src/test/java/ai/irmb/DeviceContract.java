package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.NativeMemory;
import ai.irmb.testing.Partners;
import ai.irmb.testing.SameDetections;
import ai.irmb.testing.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a detector promises on any device. */
abstract class DeviceContract {
  static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path BOTTLENECK = Path.of("models/bccd-yolov5n_iRMB-bottleneck.pt");
  private static final int CALLERS = 8;
  private static final int CALLS = 5;
  private static final int ROUNDS = 2;

  /** Of two devices in float32, and of one that rounds to TF32. */
  private static final double CONFIDENCE = 1e-3;

  private static final double ROUNDED_CONFIDENCE = 0.02;
  private static final double BF16_CONFIDENCE = 0.06;

  private final TestDevice device;

  DeviceContract(TestDevice device) {
    this.device = device;
  }

  final TestDevice device() {
    return device;
  }

  static RgbImage image() throws IOException {
    return RgbImage.read(Path.of("models/sample/blood-cells.jpg"));
  }

  /** {@return parts of the image, of sizes that are letterboxed to several inputs} */
  private static List<RgbImage> images() throws IOException {
    RgbImage image = image();
    return List.of(
        image, part(image, 300, 400), image, part(image, 640, 200), part(image, 97, 331));
  }

  private static RgbImage part(RgbImage image, int width, int height) {
    return RgbImage.of(image.toBufferedImage().getSubimage(0, 0, width, height));
  }

  @Test
  void computesWhereItWasTold() throws IOException {
    try (Detector detector = device.detector(WEIGHTS).build()) {
      detector.detect(image(), DetectOptions.DEFAULTS.withSize(64));
      String threads = device.isCuda() ? "irmb-gpu-" : "irmb-cpu-";
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().startsWith(threads)));
    }
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void imagesOfMixedSizesAreDetectedAsEachAlone(ExecutionMode mode) throws IOException {
    assumeRuns(mode);
    List<RgbImage> images = images();
    try (Detector detector = device.detector(WEIGHTS).execution(mode).build()) {
      DetectOptions options = DetectOptions.DEFAULTS.withSize(160);
      for (int round = 0; round < ROUNDS; round++) {
        List<Detections> together = detector.detectAll(images, options);
        for (int i = 0; i < images.size(); i++) {
          List<Detection> alone = detector.detect(images.get(i), options).list();
          assertSame(alone, together.get(i).list());
        }
      }
    }
  }

  @Test
  void eightCallersGetTheDetectionsOfOne() throws Exception {
    List<RgbImage> images = images();
    try (Detector detector = device.detector(WEIGHTS).maxConcurrency(2).build()) {
      DetectOptions options = DetectOptions.DEFAULTS.withSize(160);
      List<Detections> expected = new ArrayList<>();
      for (RgbImage image : images) {
        expected.add(detector.detect(image, options));
        // The second call of an input shape has all weights in the fastest layout.
        detector.detect(image, options);
      }
      long arrays = NativeMemory.liveArrays();
      ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
      try {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS * CALLS; i++) {
          int k = i % images.size();
          calls.add(
              pool.submit(
                  () ->
                      assertSame(
                          expected.get(k).list(), detector.detect(images.get(k), options).list())));
        }
        for (Future<?> call : calls) {
          call.get();
        }
      } finally {
        pool.shutdownNow();
      }
      assertEquals(arrays, NativeMemory.liveArrays());
    }
  }

  @Test
  void aDetectorCanBeOpenedAgainAfterItsClose() throws IOException {
    RgbImage image = image();
    DetectOptions options = DetectOptions.DEFAULTS.withSize(160);
    long arrays = -1;
    List<Detection> expected = List.of();
    for (int round = 0; round < ROUNDS; round++) {
      Detector detector = device.detector(WEIGHTS).build();
      List<Detection> found = detector.detect(image, options).list();
      detector.close();
      detector.close();
      assertThrows(IllegalStateException.class, () -> detector.detect(image));
      assertFalse(found.isEmpty());
      assertSame(round == 0 ? found : expected, found);
      assertTrue(round == 0 || arrays == NativeMemory.liveArrays(), "arrays are left");
      expected = found;
      arrays = NativeMemory.liveArrays();
    }
  }

  /** Batches that the network runs at once on a GPU, and in parts on a CPU. */
  @ParameterizedTest
  @ValueSource(ints = 5)
  void aBatchIsDetectedAsItsImages(int count) throws IOException {
    RgbImage image = image();
    try (Detector detector = device.detector(BOTTLENECK).batchSize(count).build()) {
      DetectOptions options = DetectOptions.DEFAULTS.withSize(160);
      List<Detection> alone = detector.detect(image, options).list();
      for (Detections each : detector.detectAll(Collections.nCopies(count, image), options)) {
        assertSame(alone, each.list());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck"})
  void precisionsBesideEachOtherFindTheSame(String name) throws IOException {
    RgbImage image = image();
    DetectOptions options = DetectOptions.DEFAULTS.withSize(320);
    Path weights = Path.of("models", name + ".pt");
    for (Precision precision : device.halfPrecisions()) {
      try (Detector full = device.detector(weights).build();
          Detector half = device.detector(weights).precision(precision).build()) {
        for (int round = 0; round < ROUNDS; round++) {
          Partners.check(
              name + " " + precision,
              full.detect(image, options).list(),
              half.detect(image, options).list(),
              precision == Precision.BF16 ? BF16_CONFIDENCE : ROUNDED_CONFIDENCE);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void aDetectorOnTheCpuBesideItFindsTheSame(ExecutionMode mode) throws IOException {
    assumeRuns(mode);
    RgbImage image = image();
    DetectOptions options = DetectOptions.DEFAULTS.withSize(320);
    try (Detector on = device.detector(WEIGHTS).execution(mode).build();
        Detector cpu = TestDevice.CPU.detector(WEIGHTS).build()) {
      for (int round = 0; round < ROUNDS; round++) {
        Partners.check(
            device.name() + " and cpu",
            cpu.detect(image, options).list(),
            on.detect(image, options).list(),
            device.usesTf32() ? ROUNDED_CONFIDENCE : CONFIDENCE);
      }
    }
  }

  /** Eager execution on the CPU is slow, and other tests have it. */
  private void assumeRuns(ExecutionMode mode) {
    assumeTrue(device.isCuda() || mode == ExecutionMode.COMPILED);
  }

  /**
   * Two forward passes of one device; with TF32 also the size of the batch changes the rounding.
   */
  private void assertSame(List<Detection> expected, List<Detection> actual) {
    if (device.usesTf32()) {
      Partners.check(device.name(), expected, actual, ROUNDED_CONFIDENCE);
    } else {
      SameDetections.assertSame(expected, actual);
    }
  }
}
