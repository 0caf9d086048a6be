package ai.irmb.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * Runs the reading of an untrusted file on a small stack, with a bound on the memory that it
 * allocates. That bound limits its work, and is the same in each run; an endless loop is reported.
 */
public final class Bounded {
  private static final int SMALL_STACK = 512 << 10;

  /** Not a measure of speed: a task that needs this long does not end. */
  private static final Duration ALARM = Duration.ofMinutes(1);

  private static final long MEGABYTES_32 = 32L << 20;

  private Bounded() {}

  /** {@return the bytes that reading a weight file may allocate} */
  public static long forWeights(long fileBytes) {
    return 3 * fileBytes + MEGABYTES_32;
  }

  /**
   * {@return the value of the task, or its failure}
   *
   * @param most bytes that it may allocate in all
   * @param failure the only type of exception that it may throw
   */
  public static <V, X extends RuntimeException> Outcome<V, X> run(
      long most, Class<X> failure, Callable<V> task) {
    AtomicReference<@Nullable V> value = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    long[] allocated = {0};
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
            },
            "small stack",
            SMALL_STACK);
    awaitEnd(thread);
    Throwable failed = thrown.get();
    if (failed != null && !failure.isInstance(failed)) {
      throw new AssertionError("another kind of failure: " + failed, failed);
    }
    assertTrue(allocated[0] <= most, () -> allocated[0] + " bytes were allocated, of " + most);
    return new Outcome<>(value.get(), failed == null ? null : failure.cast(failed));
  }

  /** Runs a task that must end; what it throws fails the test. */
  public static void ends(Executable task) throws Throwable {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    awaitEnd(
        new Thread(
            () -> {
              try {
                task.execute();
              } catch (Throwable e) {
                thrown.set(e);
              }
            }));
    Throwable failed = thrown.get();
    if (failed != null) {
      throw failed;
    }
  }

  private static void awaitEnd(Thread thread) {
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(ALARM.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertTrue(!thread.isAlive(), "the task does not end");
  }

  /**
   * The task's value or its failure.
   *
   * @param value what the task gave
   * @param failure what it threw
   */
  public record Outcome<V, X extends RuntimeException>(@Nullable V value, @Nullable X failure) {}
}
