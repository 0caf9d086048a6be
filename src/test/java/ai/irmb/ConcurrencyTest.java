package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads on one engine; each test covers a failure that was reported for such use. */
@Timeout(300)
@Tag("engine")
class ConcurrencyTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final boolean THOROUGH = Boolean.getBoolean("irmb.thorough");
  private static final int CALLERS = 12;
  private static final int CALLS = THOROUGH ? 2_000 : 90;
  private static final int SHORT_LIVED = THOROUGH ? 10_000 : 300;
  private static final long MAX_GROWTH = 24 << 20;

  private static final DetectOptions[] OPTIONS = {
    DetectOptions.DEFAULTS.withSize(96),
    DetectOptions.DEFAULTS.withSize(128).withRectangular(false).withConfidenceThreshold(0.05),
    DetectOptions.DEFAULTS.withSize(64, 160).withIouThreshold(0.1).withClassAgnostic(true),
    DetectOptions.DEFAULTS.withSize(160).withClasses(Set.of(0, 2)).withMaxDetections(5),
    DetectOptions.DEFAULTS.withSize(96).withMultiLabel(true).withConfidenceThreshold(0.01)
  };

  private static Detector detector(ExecutionMode mode, int concurrency) {
    return Detector.builder()
        .weights(WEIGHTS)
        .device("cpu")
        .execution(mode)
        .maxConcurrency(concurrency)
        .build();
  }

  /** A call and its expected detections. */
  private record Call(List<RgbImage> images, DetectOptions options, List<Detections> expected) {
    static List<Call> all(Detector detector) throws IOException {
      RgbImage image = RgbImage.read(IMAGE);
      RgbImage noise = noise(90, 200);
      List<Call> calls = new ArrayList<>();
      for (DetectOptions options : OPTIONS) {
        for (List<RgbImage> images :
            List.of(List.of(image), List.of(noise), List.of(image, noise, image))) {
          calls.add(new Call(images, options, detector.detectAll(images, options)));
        }
      }
      return calls;
    }

    private static RgbImage noise(int width, int height) {
      byte[] pixels = new byte[3 * width * height];
      new Random(1).nextBytes(pixels);
      return RgbImage.of(width, height, pixels);
    }

    void check(Detector detector) {
      assertEquals(expected, detector.detectAll(images, options));
    }
  }

  private static void inParallel(int threads, List<Callable<Void>> tasks) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> result : pool.invokeAll(tasks)) {
        result.get();
      }
    } finally {
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));
    }
  }

  /** Mixes sizes, batches and options; the detections are bit-identical. */
  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void concurrentCallersGetTheSameDetectionsAsOne(ExecutionMode mode) throws Exception {
    try (Detector detector = detector(mode, 3)) {
      List<Call> calls = Call.all(detector);
      // The second call of an input shape has all weights in the fastest layout.
      calls.forEach(call -> call.check(detector));
      long arrays = NativeMemory.liveArrays();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        Call call = calls.get(i * 7 % calls.size());
        tasks.add(
            () -> {
              call.check(detector);
              return null;
            });
      }
      inParallel(CALLERS, tasks);
      assertEquals(arrays, NativeMemory.liveArrays());
    }
  }

  /** A oneDNN program shared by two threads crashed in half of the runs reported elsewhere. */
  @Test
  void detectorsOfBothModesRunConcurrently() throws Exception {
    try (Detector compiled = detector(ExecutionMode.COMPILED, 2);
        Detector again = detector(ExecutionMode.COMPILED, 2);
        Detector eager = detector(ExecutionMode.EAGER, 2)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (Detector detector : List.of(compiled, again, eager)) {
        List<Call> calls = Call.all(detector);
        for (int i = 0; i < CALLS / 3; i++) {
          Call call = calls.get(i % calls.size());
          tasks.add(
              () -> {
                call.check(detector);
                return null;
              });
        }
      }
      java.util.Collections.shuffle(tasks, new Random(1));
      inParallel(CALLERS, tasks);
    }
  }

  /** Each call returns its detections or throws one error; no native array is leaked. */
  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void closeWaitsForCallsInFlight(ExecutionMode mode) throws Exception {
    long arrays = NativeMemory.liveArrays();
    for (int round = 0; round < (THOROUGH ? 50 : 2); round++) {
      Detector detector = detector(mode, 2);
      List<Call> calls = Call.all(detector);
      AtomicInteger done = new AtomicInteger();
      CountDownLatch begun = new CountDownLatch(CALLERS);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Call call = calls.get(i % calls.size());
        tasks.add(
            () -> {
              begun.countDown();
              try {
                while (true) {
                  call.check(detector);
                  done.incrementAndGet();
                }
              } catch (IllegalStateException e) {
                assertEquals("Detector is closed", e.getMessage());
              }
              return null;
            });
      }
      for (int i = 0; i < 2; i++) {
        tasks.add(
            () -> {
              begun.await();
              Thread.sleep(40);
              detector.close();
              return null;
            });
      }
      inParallel(CALLERS + 2, tasks);
      assertTrue(done.get() > 0, "no call was completed");
      assertEquals(arrays, NativeMemory.liveArrays());
    }
  }

  /**
   * With more of the engine's workers than processors all of them sleep between two operations, so
   * inference threads that are idle have to end.
   */
  @Test
  void idleInferenceThreadsEnd() throws Exception {
    try (Detector detector = detector(ExecutionMode.COMPILED, 3)) {
      List<Call> calls = Call.all(detector);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Call call = calls.get(i % calls.size());
        tasks.add(
            () -> {
              call.check(detector);
              return null;
            });
      }
      inParallel(CALLERS, tasks);
      assertTrue(inferenceThreads() > 1, "calls did not run at once");
      while (inferenceThreads() > 1) {
        Thread.sleep(50);
      }
      calls.get(0).check(detector);
      inParallel(CALLERS, tasks);
    }
  }

  private static long inferenceThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("irmb-cpu-"))
        .count();
  }

  /** PyTorch keeps memory for every thread that ever ran a network. */
  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void shortLivedCallersLeakNoMemory(ExecutionMode mode) throws Exception {
    RgbImage image = RgbImage.read(IMAGE);
    try (Detector detector = detector(mode, 2)) {
      Detections expected = detector.detect(image, OPTIONS[0]);
      storm(detector, image, expected, SHORT_LIVED / 4);
      long before = NativeMemory.resident();
      storm(detector, image, expected, SHORT_LIVED);
      long grown = NativeMemory.resident() - before;
      assertTrue(grown < MAX_GROWTH, "resident memory grew by " + grown + " bytes");
    }
  }

  private static void storm(Detector detector, RgbImage image, Detections expected, int threads)
      throws InterruptedException {
    AtomicInteger wrong = new AtomicInteger();
    for (int i = 0; i < threads; i += 20) {
      List<Thread> some = new ArrayList<>();
      for (int k = 0; k < 20; k++) {
        Thread thread =
            new Thread(
                () -> {
                  if (!detector.detect(image, OPTIONS[0]).equals(expected)) {
                    wrong.incrementAndGet();
                  }
                });
        some.add(thread);
        thread.start();
      }
      for (Thread thread : some) {
        thread.join();
        assertFalse(thread.isAlive());
      }
    }
    assertEquals(0, wrong.get());
  }
}
