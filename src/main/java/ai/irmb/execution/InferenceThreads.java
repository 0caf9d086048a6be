package ai.irmb.execution;

import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The few long-lived threads on which a network runs. The engine keeps memory for every thread that
 * ever ran a network, so callers' own threads, which may come and go by the thousand, must not.
 */
public final class InferenceThreads implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ExecutorService executor;

  /**
   * @param threads how many forward passes may run at once, at least 1
   */
  public InferenceThreads(int threads) {
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "irmb-inference-" + COUNT.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * {@return what the task gives, on one of these threads}
   *
   * @throws InferenceException if the caller is interrupted while it waits; a pass that has begun
   *     is waited for all the same, since it still reads the caller's buffer
   */
  public <V> V run(Callable<V> task) {
    Future<V> future = executor.submit(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          V result = future.get();
          if (interrupted) {
            throw new InferenceException("interrupted while waiting for the network");
          }
          return result;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof IrmbException known) {
      return known;
    }
    if (cause instanceof OutOfMemoryError memory) {
      return new InferenceException("not enough memory to run the network", memory);
    }
    return new InferenceException("the network failed: " + cause, cause);
  }

  /** Lets running passes finish and ends the threads. A second call does nothing. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
