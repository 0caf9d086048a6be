package ai.irmb.internal.ops.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A loaded program. Owns its native memory until it is closed.
 *
 * <p>Safe for concurrent use; the owner must not close it during a call.
 */
final class ScriptModule implements AutoCloseable {
  /**
   * The application's setting, restored after each call. DJL has no method to query the current
   * one.
   */
  private static final boolean APPLICATION_OPTIMIZES =
      Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true"));

  private final PtNDManager manager;
  private final PtSymbolBlock block;

  private ScriptModule(PtNDManager manager, PtSymbolBlock block) {
    this.manager = manager;
    this.block = block;
  }

  /**
   * {@return the program with these methods}
   *
   * @throws ScriptRefusedException if the engine rejects it
   */
  static ScriptModule load(NDManager parent, String methods) {
    PtNDManager manager = (PtNDManager) parent.newSubManager();
    try {
      return new ScriptModule(
          manager,
          JniUtils.loadModule(
              manager, new ByteArrayInputStream(ScriptArchive.of(methods)), false, false));
    } catch (EngineException e) {
      manager.close();
      throw new ScriptRefusedException("the engine does not load the program", e);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a method that returns a list of tensors.
   *
   * @param owner of the results
   * @param arguments remain open
   */
  PtNDArray[] run(NDManager owner, String method, IValue... arguments) {
    // The setting is a thread-local of libtorch. A program is fused when it is generated; the
    // profiling executor would only make its first calls slow, for each input shape.
    JniUtils.setGraphExecutorOptimize(false);
    try (IValue result = IValueUtils.runMethod(block, method, arguments)) {
      return result.toTensorArray((PtNDManager) owner);
    } finally {
      JniUtils.setGraphExecutorOptimize(APPLICATION_OPTIMIZES);
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
