package ai.irmb.internal.execution;

import ai.djl.engine.EngineException;
import ai.irmb.error.DeviceMemoryException;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.DeviceMemory;
import ai.irmb.internal.postprocess.CandidateFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Halves batches that exhaust the memory of the device, down to one image, and divides later ones
 * into batches of the size that fits. The first such batch is a warning.
 */
final class MemoryGuard implements Execution {
  private final String model;
  private final Execution execution;
  private final Consumer<String> warning;
  private final AtomicLong maxPixels = new AtomicLong(Long.MAX_VALUE);
  private final AtomicBoolean hasWarned = new AtomicBoolean();

  /**
   * @param model the name for messages
   * @param execution runs the batches
   * @param warning receives one warning at most
   */
  MemoryGuard(String model, Execution execution, Consumer<String> warning) {
    this.model = model;
    this.execution = execution;
    this.warning = warning;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    List<ImageResult> results = new ArrayList<>();
    while (results.size() < batch.count()) {
      int size = Math.min(maxImages(batch), batch.count() - results.size());
      Batch part = size == batch.count() ? batch : batch.slice(results.size(), size);
      try {
        results.addAll(execution.run(part, filter));
      } catch (InferenceException | EngineException e) {
        if (!DeviceMemory.isExhausted(e)) {
          throw e;
        }
        reduce(part, e);
      }
    }
    return results;
  }

  private int maxImages(Batch batch) {
    long max = maxPixels.get() / ((long) batch.height() * batch.width());
    return (int) Math.max(Math.min(max, batch.count()), 1);
  }

  private void reduce(Batch failed, RuntimeException failure) {
    String problem =
        String.format(
            Locale.ROOT,
            "%s: the device's memory does not suffice for a batch of %d x 3 x %d x %d%s",
            model,
            failed.count(),
            failed.height(),
            failed.width(),
            DeviceMemory.describe(failure));
    if (failed.count() == 1) {
      throw new DeviceMemoryException(
          problem + "; use a smaller image size, or close other programs that use the device",
          failure);
    }
    int half = failed.count() / 2;
    maxPixels.accumulateAndGet((long) half * failed.height() * failed.width(), Math::min);
    if (hasWarned.compareAndSet(false, true)) {
      warning.accept(
          problem + "; this batch and later ones are divided; a smaller batchSize avoids this");
    }
  }

  @Override
  public void close() {
    execution.close();
  }
}
