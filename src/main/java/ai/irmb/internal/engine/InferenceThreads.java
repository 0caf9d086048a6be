package ai.irmb.internal.engine;

import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One user's access to the threads on which networks run, for example a detector's. All users of a
 * device share the same few threads. PyTorch keeps memory and worker threads for every thread that
 * ever ran a network, so networks run neither on the callers' threads, which may come and go by the
 * thousand, nor on threads per detector.
 *
 * <p>Safe for concurrent use.
 */
public final class InferenceThreads implements AutoCloseable {
  private final InferencePool pool;
  private final ShutdownGate shutdown;
  private final Semaphore free;
  private final AtomicBoolean closed = new AtomicBoolean();

  InferenceThreads(InferencePool pool, ShutdownGate shutdown, int max) {
    this.pool = pool;
    this.shutdown = shutdown;
    this.free = new Semaphore(max, true);
    shutdown.enter();
  }

  /**
   * {@return the task's result, computed on one of the threads}
   *
   * @throws InferenceException if the caller is interrupted while it waits; a forward pass that has
   *     begun is waited for all the same, since it still reads the caller's buffer
   * @throws IllegalStateException if this is closed
   */
  public <V> V run(Callable<V> task) {
    if (closed.get()) {
      throw new IllegalStateException("closed");
    }
    try {
      free.acquire();
      try (InferencePool.Lease lease = pool.acquire()) {
        return result(lease.submit(() -> shutdown.run(task)));
      } finally {
        free.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException("interrupted while waiting for the network", e);
    }
  }

  private static <V> V result(Future<V> future) {
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

  /**
   * Refuses further tasks; those that run finish. The last user to close, which has freed its
   * arrays before, returns their memory to the system. A second call does nothing.
   */
  @Override
  public void close() {
    if (!closed.getAndSet(true) && shutdown.leave()) {
      FreedMemory.returnToSystem();
    }
  }
}
