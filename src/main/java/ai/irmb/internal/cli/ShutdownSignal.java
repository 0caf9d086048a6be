package ai.irmb.internal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to stop by Control-C. The JVM exits only after open outputs, such as a video, are
 * complete. Safe for concurrent use.
 */
final class ShutdownSignal implements AutoCloseable {
  private static final long MAX_WAIT_SECONDS = 30;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "irmb-interruption");
  private volatile boolean requested;

  ShutdownSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupted() {
    requested = true;
    try {
      if (!finished.await(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@return whether to stop} */
  boolean isRequested() {
    return requested;
  }

  /** Lets the JVM exit: all outputs are complete. */
  @Override
  public void close() {
    finished.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The shutdown has just begun; the hook is released.
        requested = true;
      }
    }
  }
}
