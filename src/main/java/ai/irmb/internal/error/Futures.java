package ai.irmb.internal.error;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for futures and rethrows their exceptions as they are. */
public final class Futures {
  private Futures() {}

  /**
   * {@return the result of a future, waiting for it even if the thread is interrupted}
   *
   * <p>An unchecked exception or error of the future is rethrown without a wrapper.
   */
  public static <V> V joinUnwrapped(CompletableFuture<V> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw e;
    }
  }
}
