package ai.irmb.internal.ops.torchscript;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.irmb.internal.error.Futures;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loaded program that input shapes share. The last user frees the native memory. Safe for
 * concurrent use.
 */
final class SharedModule {
  private final CompletableFuture<ScriptModule> loading;
  private final AtomicInteger users = new AtomicInteger(1);

  private SharedModule(CompletableFuture<ScriptModule> loading) {
    this.loading = loading;
  }

  /** The modules of a network. Not safe for concurrent use. */
  static final class Pool {
    private final NDManager manager;
    private final Executor loader;
    private final Map<String, SharedModule> byText = new HashMap<>();

    /**
     * @param loader loads the programs
     */
    Pool(NDManager manager, Executor loader) {
      this.manager = manager;
      this.loader = loader;
    }

    /** {@return the module of a program, with the caller as a user; it may still be loading} */
    SharedModule get(String text) {
      SharedModule known = byText.get(text);
      if (known != null && known.retain()) {
        return known;
      }
      byText.values().removeIf(module -> module.users.get() == 0);
      SharedModule module =
          new SharedModule(
              CompletableFuture.supplyAsync(() -> ScriptModule.load(manager, text), loader));
      byText.put(text, module);
      return module;
    }
  }

  /** {@return whether the module may be used; if so, {@link #release} must follow} */
  boolean retain() {
    return !loading.isCompletedExceptionally() && users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /**
   * Waits until the engine has loaded the program.
   *
   * @throws ScriptRefusedException if it rejects it
   */
  void await() {
    Futures.joinUnwrapped(loading);
  }

  /**
   * Runs a method that returns a list of tensors.
   *
   * @param owner of the results
   * @param arguments remain open
   */
  PtNDArray[] run(NDManager owner, String method, IValue... arguments) {
    return Futures.joinUnwrapped(loading).run(owner, method, arguments);
  }

  /** Ends the use of one user. */
  void release() {
    if (users.decrementAndGet() == 0) {
      loading.thenAccept(ScriptModule::close).exceptionally(failure -> null).join();
    }
  }
}
