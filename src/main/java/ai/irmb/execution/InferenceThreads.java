package ai.irmb.execution;

import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few long-lived threads on which a network runs. The engine keeps memory for every thread that
 * ever ran a network, so callers' own threads, which may come and go by the thousand, must not.
 */
public final class InferenceThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceThreads.class);
  private static final ThreadFactory FACTORY = new DaemonThreads("irmb-inference");

  /** How long the end of the JVM waits for passes that have begun. */
  private static final int SECONDS_AT_THE_END = 20;

  /** Passes hold it shared; the end of the JVM waits until it has it alone. */
  private static final ReentrantReadWriteLock RUNNING = new ReentrantReadWriteLock();

  private static volatile boolean ending;

  static {
    // When the JVM exits the engine destroys what its threads use: one that still runs would crash.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(InferenceThreads::waitForPasses, "irmb-inference-end"));
  }

  private final ExecutorService executor;

  /**
   * @param threads how many forward passes may run at once, at least 1
   */
  public InferenceThreads(int threads) {
    this.executor = Executors.newFixedThreadPool(threads, FACTORY);
  }

  /**
   * {@return what the task gives, on one of these threads}
   *
   * @throws InferenceException if the caller is interrupted while it waits; a pass that has begun
   *     is waited for all the same, since it still reads the caller's buffer
   */
  public <V> V run(Callable<V> task) {
    Future<V> future = executor.submit(() -> pass(task));
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

  private static <V> V pass(Callable<V> task) throws Exception {
    RUNNING.readLock().lock();
    try {
      if (ending) {
        throw new InferenceException("the JVM is ending: no network is run any more");
      }
      return task.call();
    } finally {
      RUNNING.readLock().unlock();
    }
  }

  private static void waitForPasses() {
    ending = true;
    try {
      if (RUNNING.writeLock().tryLock(SECONDS_AT_THE_END, TimeUnit.SECONDS)) {
        // Who comes later gets the error: another hook that waited would keep the JVM from ending.
        RUNNING.writeLock().unlock();
      } else {
        LOG.warn("A network still runs after {} s; the JVM ends without it", SECONDS_AT_THE_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
