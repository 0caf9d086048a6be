package ai.irmb.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs what a stranger's file sets in motion: on a small stack, in bounded time and memory. */
public final class Bounded {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SMALL_STACK = 512 << 10;
  private static final Duration ALARM = Duration.ofSeconds(10);
  private static final long MEGABYTES_32 = 32L << 20;

  private Bounded() {}

  /** {@return what the reading of a file of weights may take, in bytes: P4's formula} */
  public static long forWeights(long fileBytes) {
    return 3 * fileBytes + MEGABYTES_32;
  }

  /**
   * {@return what the task gives, or null if it failed as {@code failure} says}
   *
   * @param most bytes that it may allocate in all
   * @param failure the one kind of exception that may leave it
   */
  public static <V, X extends RuntimeException> Outcome<V, X> run(
      long most, Class<X> failure, Callable<V> task) {
    AtomicReference<@Nullable V> value = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    long[] allocated = {0};
    long[] worked = {0};
    Thread thread =
        new Thread(
            null,
            () -> {
              long before = Allocated.bytes();
              try {
                value.set(task.call());
              } catch (Throwable e) {
                thrown.set(e);
              }
              allocated[0] = Allocated.bytes() - before;
              worked[0] = THREADS.getCurrentThreadCpuTime();
            },
            "small stack",
            SMALL_STACK);
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(ALARM.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertTrue(!thread.isAlive(), "no answer within " + ALARM);
    Throwable failed = thrown.get();
    if (failed != null && !failure.isInstance(failed)) {
      throw new AssertionError("another kind of failure: " + failed, failed);
    }
    assertTrue(allocated[0] <= most, () -> allocated[0] + " bytes were allocated, of " + most);
    return new Outcome<>(
        value.get(), failed == null ? null : failure.cast(failed), worked[0] / 1e9);
  }

  /**
   * What came of it: one of the two.
   *
   * @param value what the task gave
   * @param failure what it threw
   * @param seconds of the processor that it took
   */
  public record Outcome<V, X extends RuntimeException>(
      @Nullable V value, @Nullable X failure, double seconds) {}
}
