package ai.irmb.internal.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one device on which networks run: as many as its most demanding user asked for.
 *
 * <p>A forward pass takes the free thread of the lowest index, and all threads but the first end
 * when idle: PyTorch keeps worker threads for each, and with more workers than processors they
 * sleep between two operations, which doubles the time of a forward pass.
 *
 * <p>Safe for concurrent use.
 */
final class InferencePool {
  /** Idle time after which a thread other than the first ends. */
  private static final int IDLE_SECONDS = 5;

  private final ThreadFactory factory;
  private final Semaphore free = new Semaphore(0, true);
  private final List<ExecutorService> threads = new ArrayList<>();
  private final BitSet busy = new BitSet();

  InferencePool(ThreadFactory factory) {
    this.factory = factory;
  }

  /** Adds threads until there are so many; it never has fewer again. */
  synchronized void growTo(int count) {
    while (threads.size() < count) {
      threads.add(newThread(threads.isEmpty()));
      free.release();
    }
  }

  private ExecutorService newThread(boolean isFirst) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    thread.allowCoreThreadTimeOut(!isFirst);
    return thread;
  }

  /** A thread that is reserved until the lease is closed. */
  record Lease(InferencePool pool, int index, ExecutorService thread) implements AutoCloseable {
    <V> Future<V> submit(Callable<V> task) {
      return thread.submit(task);
    }

    @Override
    public void close() {
      pool.giveBack(index);
    }
  }

  /** {@return a free thread; waits for one, first come, first served} */
  Lease acquire() throws InterruptedException {
    free.acquire();
    return firstFree();
  }

  private synchronized Lease firstFree() {
    int index = busy.nextClearBit(0);
    busy.set(index);
    return new Lease(this, index, threads.get(index));
  }

  private void giveBack(int index) {
    synchronized (this) {
      busy.clear(index);
    }
    free.release();
  }
}
