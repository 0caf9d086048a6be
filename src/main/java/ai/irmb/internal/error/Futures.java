package ai.irmb.internal.error;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Work that is done on another thread. */
public final class Futures {
  private Futures() {}

  /**
   * {@return what the work gives; it is waited for, whoever interrupts}
   *
   * <p>What it throws is thrown here as it is.
   */
  public static <V> V joinUnwrapped(CompletableFuture<V> work) {
    try {
      return work.join();
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
