package ai.irmb.spring;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects images of different calls with equal options into batches. The first caller of a batch
 * waits for others, runs the batch on its own thread, and shares the result. Thread-safe.
 */
final class BatchQueue {
  private final BiFunction<List<RgbImage>, DetectOptions, List<Detections>> detector;
  private final int maxImages;
  private final Duration maxWait;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closed = lock.newCondition();

  /** The batch that takes further images; guarded by the lock. */
  private @Nullable Batch open;

  BatchQueue(
      BiFunction<List<RgbImage>, DetectOptions, List<Detections>> detector,
      int maxImages,
      Duration maxWait) {
    this.detector = detector;
    this.maxImages = maxImages;
    this.maxWait = maxWait;
  }

  private static final class Batch {
    private final DetectOptions options;
    private final List<RgbImage> images = new ArrayList<>();
    private final CompletableFuture<List<Detections>> result = new CompletableFuture<>();

    Batch(DetectOptions options) {
      this.options = options;
    }
  }

  Detections detect(RgbImage image, DetectOptions options) {
    Batch batch;
    int index;
    lock.lock();
    try {
      batch = open;
      if (batch == null || !batch.options.equals(options)) {
        close();
        batch = new Batch(options);
        open = batch;
      }
      index = batch.images.size();
      batch.images.add(image);
      if (batch.images.size() >= maxImages) {
        close();
      }
      if (index == 0) {
        awaitOthers(batch);
      }
    } finally {
      lock.unlock();
    }
    if (index == 0) {
      run(batch);
    }
    return result(batch).get(index);
  }

  /** {@return whether a batch waits for further images} */
  boolean isOpen() {
    lock.lock();
    try {
      return open != null;
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    open = null;
    closed.signalAll();
  }

  private void awaitOthers(Batch batch) {
    long nanos = maxWait.toNanos();
    try {
      while (open == batch && nanos > 0) {
        nanos = closed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      // The others count on this thread: it runs the batch as it is.
      Thread.currentThread().interrupt();
    }
    if (open == batch) {
      close();
    }
  }

  private void run(Batch batch) {
    try {
      batch.result.complete(detector.apply(batch.images, batch.options));
    } catch (RuntimeException | Error e) {
      batch.result.completeExceptionally(e);
    }
  }

  private static List<Detections> result(Batch batch) {
    try {
      return batch.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
