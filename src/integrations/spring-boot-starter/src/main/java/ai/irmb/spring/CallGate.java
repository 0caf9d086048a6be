package ai.irmb.spring;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the number of calls that are active and that wait. Calls enter in the order in which they
 * came. Thread-safe.
 */
final class CallGate {
  private final int maxActive;
  private final int maxWaiting;
  private final Duration maxWait;
  private final Duration retryAfter;
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();

  CallGate(int maxActive, int maxWaiting, Duration maxWait, Duration retryAfter) {
    if (maxActive < 1) {
      throw new IllegalArgumentException(
          "irmb.calls.max-active: expected at least 1, found " + maxActive);
    }
    if (maxWaiting < 0) {
      throw new IllegalArgumentException(
          "irmb.calls.max-waiting: expected at least 0, found " + maxWaiting);
    }
    this.maxActive = maxActive;
    this.maxWaiting = maxWaiting;
    this.maxWait = maxWait;
    this.retryAfter = retryAfter;
    this.free = new Semaphore(maxActive, true);
  }

  /**
   * Waits until fewer than the maximum of calls are active. {@link #leave} must follow.
   *
   * @throws OverloadException if too many calls wait already, or this one waited too long
   */
  void enter() {
    // The timed variant is the fair one: it never passes those that wait.
    if (tryEnter(Duration.ZERO)) {
      return;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      throw refusal(maxWaiting + " calls are waiting already (irmb.calls.max-waiting)");
    }
    try {
      if (!tryEnter(maxWait)) {
        throw refusal("no call ended within " + maxWait.toMillis() + " ms (irmb.calls.max-wait)");
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private boolean tryEnter(Duration wait) {
    try {
      return free.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refusal("the wait was interrupted");
    }
  }

  private OverloadException refusal(String reason) {
    return new OverloadException(
        "The service is overloaded: "
            + reason
            + "; try again in "
            + Math.max(1, retryAfter.toSeconds())
            + " s",
        retryAfter);
  }

  void leave() {
    free.release();
  }

  int waiting() {
    return waiting.get();
  }

  int active() {
    return maxActive - free.availablePermits();
  }

  int maxActive() {
    return maxActive;
  }
}
