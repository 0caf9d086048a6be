package ai.irmb.internal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Control-C as a wish to end: what is written is finished before the JVM goes, as a video has to
 * be. Safe for concurrent use.
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

  /** {@return whether it is time to end} */
  boolean isRequested() {
    return requested;
  }

  /** Everything is written. */
  @Override
  public void close() {
    finished.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // Just now: the hook has been let go.
        requested = true;
      }
    }
  }
}
