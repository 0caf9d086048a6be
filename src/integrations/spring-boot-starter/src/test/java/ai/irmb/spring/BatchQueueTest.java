package ai.irmb.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final ConcurrentLinkedQueue<Integer> batches = new ConcurrentLinkedQueue<>();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  /** Stands for a detector: the result names the image by its width. */
  private List<Detections> detect(List<RgbImage> images, DetectOptions options) {
    batches.add(images.size());
    return images.stream().map(i -> new Detections(i.width(), 1, 32, 32, List.of())).toList();
  }

  @Test
  void joinsCallsAndGivesEachItsOwnResult() throws Exception {
    BatchQueue queue = new BatchQueue(this::detect, 4, LONG);
    List<Future<Detections>> results = submit(queue, 8);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).get().width()).isEqualTo(i + 1);
    }
    assertThat(batches).containsExactly(4, 4);
  }

  @Test
  void doesNotWaitLongerThanTheTime() {
    BatchQueue queue = new BatchQueue(this::detect, 4, Duration.ofMillis(1));
    assertThat(queue.detect(image(3), DetectOptions.DEFAULTS).width()).isEqualTo(3);
    assertThat(batches).containsExactly(1);
  }

  @Test
  void joinsOnlyEqualOptions() throws Exception {
    BatchQueue queue = new BatchQueue(this::detect, 2, LONG);
    Future<Detections> first = submit(queue, 1).get(0);
    while (!queue.isOpen()) {
      Thread.onSpinWait();
    }
    DetectOptions others = DetectOptions.DEFAULTS.withMaxDetections(1);
    Callable<Detections> call = () -> queue.detect(image(9), others);
    List<Future<Detections>> second = List.of(callers.submit(call), callers.submit(call));
    assertThat(first.get().width()).isEqualTo(1);
    for (Future<Detections> result : second) {
      assertThat(result.get().width()).isEqualTo(9);
    }
    assertThat(batches).containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void givesEachCallTheFailureOfItsBatch() {
    BatchQueue queue =
        new BatchQueue(
            (images, options) -> {
              throw new IllegalStateException("closed");
            },
            2,
            LONG);
    Future<Detections> other = submit(queue, 1).get(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.detect(image(1), DetectOptions.DEFAULTS))
        .withMessage("closed");
    assertThat(other).failsWithin(LONG).withThrowableThat().withMessageContaining("closed");
  }

  private List<Future<Detections>> submit(BatchQueue queue, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> callers.submit(() -> queue.detect(image(i), DetectOptions.DEFAULTS)))
        .toList();
  }

  private static RgbImage image(int width) {
    return RgbImage.of(width, 1, new byte[3 * width]);
  }
}
