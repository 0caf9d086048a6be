package ai.irmb.internal.ops.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.DeviceMemory;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network compiled for one input shape. Counts its users, so that a cache may evict it during a
 * call: the last user frees the native memory. Safe for concurrent use.
 */
final class ScriptProgram {
  private final NDManager manager;
  private final SharedModule module;
  private final long[] sizes;
  private final IValue sizeArgument;
  private final IValue weights;

  /** All weights, if some of them do not have the fastest layout; otherwise empty. */
  private final List<WeightExpression> unsettled;

  private final CandidateSelection selection;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile boolean hasRun;

  private ScriptProgram(
      NDManager manager,
      SharedModule module,
      long[] sizes,
      IValue weights,
      List<WeightExpression> unsettled,
      CandidateSelection selection) {
    this.manager = manager;
    this.module = module;
    this.sizes = sizes;
    this.sizeArgument = IValue.listFrom(sizes);
    this.weights = weights;
    this.unsettled = List.copyOf(unsettled);
    this.selection = selection;
  }

  /**
   * {@return the program, with the caller as its first user}
   *
   * @param results of the network, heads first
   * @param modules those that are loaded
   * @throws ScriptRefusedException if the engine rejects it
   */
  static ScriptProgram of(
      NDManager manager,
      List<Symbol> results,
      List<HeadLayout> heads,
      Backend backend,
      WeightStore store,
      SharedModule.Pool modules) {
    WeightList list = new WeightList();
    SizeArguments source = ScriptSource.of(results, heads, backend, list);
    // The engine parses the program on one thread while another prepares the weights.
    SharedModule module = modules.get(source.text());
    IValue weights = null;
    try {
      WeightStore.Weights prepared = store.get(list.expressions());
      weights = IValue.listFrom(prepared.arrays());
      module.await();
      return new ScriptProgram(
          manager,
          module,
          source.sizes(),
          weights,
          prepared.settled() ? List.of() : list.expressions(),
          CandidateSelection.of(results, heads, backend));
    } catch (RuntimeException | Error e) {
      if (weights != null) {
        weights.close();
      }
      module.release();
      if (DeviceMemory.isExhausted(e)) {
        throw new InferenceException("the engine failed while it prepared a network", e);
      }
      if (e instanceof EngineException) {
        throw new ScriptRefusedException("the engine does not prepare the weights", e);
      }
      throw e;
    }
  }

  /** {@return whether {@link #settled} gives a faster program} */
  boolean canSettle() {
    return !unsettled.isEmpty();
  }

  /** {@return the same program with all weights in the fastest layout; one use as for a new one} */
  ScriptProgram settled(WeightStore store) {
    WeightStore.Weights better = store.settle(unsettled);
    module.retain();
    ScriptProgram program =
        new ScriptProgram(
            manager, module, sizes, IValue.listFrom(better.arrays()), List.of(), selection);
    program.hasRun = hasRun;
    return program;
  }

  /** {@return whether the program may be used; if so, {@link #release} must follow} */
  boolean retain() {
    return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Ends one use. */
  void release() {
    if (users.decrementAndGet() == 0) {
      weights.close();
      sizeArgument.close();
      module.release();
    }
  }

  /** {@return all outputs, in single precision} */
  List<HostTensor> outputs(ImageTensor images) {
    try (NDManager call = manager.newSubManager()) {
      List<HostTensor> maps = new ArrayList<>();
      for (PtNDArray array : run(call, ScriptSource.OUTPUTS, images)) {
        maps.add(HostArrays.download(array));
      }
      return maps;
    }
  }

  /**
   * {@return the candidates whose objectness logit is above a threshold, and the outputs beyond the
   * heads}
   */
  FilteredOutputs filteredOutputs(ImageTensor images, double logit) {
    try (NDManager call = manager.newSubManager();
        IValue threshold = IValue.from(logit)) {
      PtNDArray[] arrays = run(call, ScriptSource.FILTERED_OUTPUTS, images, threshold);
      List<float[]> rows = new ArrayList<>();
      for (int i = 0; i < selection.arrays(); i++) {
        rows.add(arrays[i].toFloatArray());
      }
      int columns = rows.isEmpty() ? 0 : (int) arrays[0].getShape().get(1);
      List<HostTensor> maps = new ArrayList<>();
      for (int i = selection.arrays(); i < arrays.length; i++) {
        maps.add(HostArrays.download(arrays[i]));
      }
      return new FilteredOutputs(selection.read(rows, columns), maps, selection.isFinite(rows));
    }
  }

  private PtNDArray[] run(NDManager call, String method, ImageTensor images, IValue... more) {
    try (IValue x = IValue.from(HostArrays.upload(call, images.pixels()));
        IValue interleaved = IValue.from(images.layout() == ImageTensor.Layout.INTERLEAVED)) {
      IValue[] arguments = new IValue[4 + more.length];
      arguments[0] = x;
      arguments[1] = weights;
      arguments[2] = sizeArgument;
      arguments[3] = interleaved;
      System.arraycopy(more, 0, arguments, 4, more.length);
      PtNDArray[] results = module.run(call, method, arguments);
      hasRun = true;
      return results;
    } catch (EngineException e) {
      // A lack of memory does not mean that the engine rejects the program.
      if (hasRun || DeviceMemory.isExhausted(e)) {
        throw new InferenceException("the engine failed while it ran a network", e);
      }
      throw new ScriptRefusedException("the engine does not run the program", e);
    }
  }
}
