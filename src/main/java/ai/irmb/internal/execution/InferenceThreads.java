package ai.irmb.internal.execution;

import ai.djl.Device;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few long-lived threads on which networks run, shared by all detectors of the process on a
 * device. The engine keeps memory for every thread that ever ran a network, and worker threads
 * beside it, so that neither callers' own threads, which may come and go by the thousand, nor each
 * detector's may do it: with more workers than processors all of them sleep between two steps, and
 * waking them takes as long as the network. For the same reason a pass takes the first thread that
 * is free, and the later ones, which are for passes at the same time, end when there are none.
 *
 * <p>Safe for concurrent use.
 */
public final class InferenceThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceThreads.class);

  private static final Map<Device, Pool> POOLS = new ConcurrentHashMap<>();

  /** How long the end of the JVM waits for passes that have begun. */
  private static final int SECONDS_AT_THE_END = 20;

  /** How long a thread but the first waits for another pass before it ends. */
  private static final int IDLE_SECONDS = 5;

  /** Passes hold it shared; the end of the JVM waits until it has it alone. */
  private static final ReentrantReadWriteLock RUNNING = new ReentrantReadWriteLock();

  private static volatile boolean ending;

  static {
    // When the JVM exits the engine destroys what its threads use: one that still runs would crash.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(InferenceThreads::waitForPasses, "irmb-inference-end"));
  }

  private final Pool pool;
  private final Semaphore free;
  private volatile boolean closed;

  /**
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @param threads how many forward passes may run at once, at least 1; of all detectors on the
   *     device together as many as the one with the most
   */
  public InferenceThreads(@Nullable String device, int threads) {
    this.free = new Semaphore(threads, true);
    this.pool = POOLS.computeIfAbsent(EngineRuntime.device(device), Pool::new);
    pool.growTo(threads);
  }

  /** The threads of a device, as many as the detector that wanted the most; the first one stays. */
  private static final class Pool {
    private final ThreadFactory factory;
    private final Semaphore free = new Semaphore(0, true);
    private final List<ExecutorService> threads = new ArrayList<>();
    private final BitSet busy = new BitSet();

    Pool(Device device) {
      DaemonThreads daemons = new DaemonThreads("irmb-" + device.getDeviceType());
      this.factory =
          device.isGpu() ? daemons : task -> daemons.newThread(() -> runOnKeptMemory(task));
    }

    private static void runOnKeptMemory(Runnable task) {
      RetainedMemory memory = RetainedMemory.ofThisThread();
      try {
        task.run();
      } finally {
        memory.close();
      }
    }

    synchronized void growTo(int count) {
      while (threads.size() < count) {
        threads.add(thread(threads.isEmpty()));
        free.release();
      }
    }

    private ExecutorService thread(boolean first) {
      ThreadPoolExecutor thread =
          new ThreadPoolExecutor(
              1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
      thread.allowCoreThreadTimeOut(!first);
      return thread;
    }

    <V> V run(Callable<V> task) throws InterruptedException {
      free.acquire();
      int first = take();
      try {
        return result(thread(first).submit(() -> pass(task)));
      } finally {
        giveBack(first);
        free.release();
      }
    }

    private synchronized int take() {
      int first = busy.nextClearBit(0);
      busy.set(first);
      return first;
    }

    private synchronized void giveBack(int index) {
      busy.clear(index);
    }

    private synchronized ExecutorService thread(int index) {
      return threads.get(index);
    }
  }

  /**
   * {@return what the task gives, on one of these threads}
   *
   * @throws InferenceException if the caller is interrupted while it waits; a pass that has begun
   *     is waited for all the same, since it still reads the caller's buffer
   * @throws IllegalStateException if this is closed
   */
  public <V> V run(Callable<V> task) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    try {
      free.acquire();
      try {
        return pool.run(task);
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

  /** Takes no more passes; those that run finish. A second call does nothing. */
  @Override
  public void close() {
    closed = true;
  }
}
