package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A network that runs as a generated TorchScript program. Input shapes mostly share its text, and
 * differ in its arguments: sizes, and weights in layouts that are fast for the shape. The arguments
 * of the most recently used shapes are cached.
 *
 * <p>Owns native memory until it is closed. Safe for concurrent use: calls run in parallel, but
 * wait for a program that is being compiled.
 */
public final class CompiledNetwork implements AutoCloseable {
  /** Above the 39 shapes that a size of 640 with stride 32 has in rectangular letterboxing. */
  private static final int MAX_PROGRAMS = 64;

  /** Twice what was seen with AVX2: dropping them would convert them again and again. */
  static final int MAX_EXTRA_COPIES = 8;

  private final NetworkDefinition definition;
  private final List<HeadLayout> heads;
  private final Backend backend;
  private final NDManager manager;
  private final SharedModule.Pool modules;
  private final WeightStore store;
  private final int maxExtraCopies;

  /** By input shape, least recently used first. */
  private final Map<Shape, ScriptProgram> programs = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  /**
   * @param definition the network; its first outputs are the heads
   * @param heads the channels of each head
   * @param target the device and precision of the programs
   * @param manager on the target's device; owned and closed by this network
   * @param loader loads the programs
   */
  public CompiledNetwork(
      NetworkDefinition definition,
      List<HeadLayout> heads,
      ScriptTarget target,
      NDManager manager,
      Executor loader) {
    this(definition, heads, target, manager, loader, MAX_EXTRA_COPIES);
  }

  /**
   * @param maxExtraCopies bounds the memory of kernels in layouts that the first input shape does
   *     not need, in copies of all kernels
   */
  CompiledNetwork(
      NetworkDefinition definition,
      List<HeadLayout> heads,
      ScriptTarget target,
      NDManager manager,
      Executor loader,
      int maxExtraCopies) {
    this.definition = requireNonNull(definition, "walk");
    this.heads = List.copyOf(heads);
    this.backend = target.backend();
    this.manager = manager;
    this.modules = new SharedModule.Pool(manager, loader);
    this.store = new WeightStore(manager, backend);
    this.maxExtraCopies = maxExtraCopies;
  }

  /**
   * Compiles the program for an input shape ahead of its first use.
   *
   * @param shape (N, C, H, W)
   * @throws ScriptRefusedException if the engine does not take the program
   */
  public void prepare(Shape shape) {
    withProgram(shape, program -> program);
  }

  /**
   * {@return the network's outputs, in single precision, as (N, C, H, W)}
   *
   * @throws ScriptRefusedException if the engine does not take the program
   */
  public List<HostTensor> outputs(ImageTensor images) {
    return withProgram(images.shape(), program -> program.outputs(images));
  }

  /**
   * {@return the candidates whose objectness passes a threshold; some may be slightly below it, so
   * the caller compares again}
   *
   * @param objectness threshold, 0 to 1 inclusive
   * @throws ScriptRefusedException if the engine does not take the program
   */
  public FilteredOutputs filteredOutputs(ImageTensor images, double objectness) {
    double logit = Math.log(objectness / (1 - objectness));
    // The engine compares single-precision logits. What passes after rounding the sigmoid up must
    // not be lost.
    double margin = 1e-4 * Math.max(1, Math.abs(logit));
    double above = Double.isInfinite(logit) ? logit : logit - margin;
    return withProgram(images.shape(), program -> program.filteredOutputs(images, above));
  }

  private <R> R withProgram(Shape shape, Function<ScriptProgram, R> use) {
    ScriptProgram program = acquire(shape);
    try {
      return use.apply(program);
    } finally {
      program.release();
    }
  }

  private synchronized ScriptProgram acquire(Shape shape) {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
    ScriptProgram program = programs.get(shape);
    if (program == null) {
      program = compile(shape);
      programs.put(shape, program);
      evict(shape);
    } else if (program.canSettle()) {
      ScriptProgram better = program.settled(store);
      programs.put(shape, better);
      program.release();
      program = better;
      evict(shape);
    }
    program.retain();
    return program;
  }

  private ScriptProgram compile(Shape shape) {
    ScriptOps ops = new ScriptOps();
    List<Symbol> results =
        definition.forward(ops, ops.image(shape)).stream().map(ops::asMap).toList();
    List<Symbol> rewritten = GraphOptimizations.apply(results, backend);
    return ScriptProgram.of(manager, rewritten, heads, backend, store, modules);
  }

  /** {@return the extra kernels, in copies of all kernels} */
  synchronized double extraCopies() {
    return (double) store.extraBytes() / Math.max(store.firstBytes(), 1);
  }

  /** {@return the number of programs in the cache} */
  synchronized int cachedPrograms() {
    return programs.size();
  }

  /** Keeps the cache in its bounds; the program of this shape stays. */
  private void evict(Shape used) {
    if (programs.size() > MAX_PROGRAMS) {
      remove(programs.keySet().iterator().next());
    }
    if (store.extraBytes() > maxExtraCopies * store.firstBytes()) {
      store.dropExtras();
      List.copyOf(programs.keySet()).stream().filter(s -> !s.equals(used)).forEach(this::remove);
    }
  }

  private void remove(Shape shape) {
    requireNonNull(programs.remove(shape), "program").release();
  }

  /** Releases the native memory; calls under way must have ended. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      programs.values().forEach(ScriptProgram::release);
      programs.clear();
      store.close();
      manager.close();
    }
  }
}
