package ai.irmb.internal.engine;

import ai.irmb.error.InferenceException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets forward passes through until the JVM may end. While it shuts down, an application may still
 * serve requests, so the gate stays open until all users have closed, no forward pass has run for a
 * moment, or a time limit is over. Safe for concurrent use.
 */
final class ShutdownGate {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownGate.class);

  /** A request decodes its image before its forward pass, and that takes some time. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** The time limit for forward passes that have begun. */
  private static final long RUNNING_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int users;
  private int running;
  private long lastEnd = System.nanoTime();
  private boolean closed;

  /** Adds a user that may run forward passes until it leaves. */
  void enter() {
    change(1, 0);
  }

  /** Removes a user. Returns whether it was the last one. */
  boolean leave() {
    lock.lock();
    try {
      change(-1, 0);
      return users == 0;
    } finally {
      lock.unlock();
    }
  }

  private void change(int moreUsers, int moreRunning) {
    lock.lock();
    try {
      users += moreUsers;
      running += moreRunning;
      if (moreRunning < 0) {
        lastEnd = System.nanoTime();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * {@return the task's result}
   *
   * @throws InferenceException if the JVM is ending
   */
  <V> V run(Callable<V> task) throws Exception {
    lock.lock();
    try {
      if (closed) {
        throw new InferenceException("the JVM is shutting down: no network runs any more");
      }
      running++;
    } finally {
      lock.unlock();
    }
    try {
      return task.call();
    } finally {
      change(0, -1);
    }
  }

  /** Waits until no forward pass can be under way; called by the shutdown hook. */
  void awaitEnd() {
    long start = System.nanoTime();
    long serving = TimeUnit.SECONDS.toNanos(EngineProperties.shutdownSeconds());
    lock.lock();
    try {
      long left = serving;
      while (left > 0 && !isQuiet()) {
        awaitChange(Math.min(left, IDLE_NANOS));
        left = start + serving - System.nanoTime();
      }
      closed = true;
      long closedAt = System.nanoTime();
      left = RUNNING_NANOS;
      while (left > 0 && running > 0) {
        awaitChange(left);
        left = closedAt + RUNNING_NANOS - System.nanoTime();
      }
      if (running > 0) {
        LOG.warn("A network still runs after 20 s; the JVM ends without it");
      }
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private boolean isQuiet() {
    return running == 0 && (users == 0 || System.nanoTime() - lastEnd >= IDLE_NANOS);
  }

  @SuppressWarnings("WaitNotInLoop") // Its callers loop.
  private void awaitChange(long nanos) throws InterruptedException {
    long left = changed.awaitNanos(nanos);
    if (left <= 0) {
      LOG.debug("Nothing changed for {} ns", nanos);
    }
  }
}
