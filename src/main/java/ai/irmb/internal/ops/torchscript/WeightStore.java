package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The prepared weights of a network, shared by its programs and owned by the given manager. Not
 * safe for concurrent use.
 */
final class WeightStore implements AutoCloseable {
  /**
   * Layouts that are queried before the first forward pass of an input shape. The queries take as
   * long as converting these kernels once.
   */
  private static final int FIRST_QUERIES = 8;

  private final PtNDManager manager;
  private final Backend backend;
  private final KernelLayouts layouts;
  private final Map<WeightExpression, PtNDArray> prepared = new HashMap<>();

  WeightStore(NDManager manager, Backend backend) {
    this.manager = (PtNDManager) manager;
    this.backend = backend;
    this.layouts = new KernelLayouts(this.manager, backend.dtype());
  }

  /**
   * The weights of a program.
   *
   * @param arrays one per expression
   * @param settled whether all have the layout that is fastest
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Weights(PtNDArray[] arrays, boolean settled) {}

  /**
   * {@return the weights of a program, prepared now unless another program has them; the first time
   * for an input shape, only the largest kernels have the fastest layout}
   */
  Weights get(List<WeightExpression> expressions) {
    return get(expressions, FIRST_QUERIES);
  }

  /** {@return the weights of a program, all in the fastest layout} */
  Weights settle(List<WeightExpression> expressions) {
    return get(expressions, Integer.MAX_VALUE);
  }

  private Weights get(List<WeightExpression> expressions, int maxQueries) {
    List<WeightExpression> missing =
        expressions.stream().filter(p -> !prepared.containsKey(p)).toList();
    if (!missing.isEmpty()) {
      prepare(missing);
    }
    boolean settled =
        layouts.improve(expressions.stream().filter(p -> p.layout() != null).toList(), maxQueries);
    return new Weights(expressions.stream().map(this::of).toArray(PtNDArray[]::new), settled);
  }

  private PtNDArray of(WeightExpression expression) {
    return expression.layout() == null
        ? requireNonNull(prepared.get(expression))
        : layouts.get(expression);
  }

  /** {@return the memory of kernels in layouts that the first input shape does not need} */
  long extraBytes() {
    return layouts.extraBytes();
  }

  /** {@return the memory of kernels in the layouts that the first input shape needs} */
  long firstBytes() {
    return layouts.firstBytes();
  }

  /** Forgets the extra kernels. Programs that have them keep them. */
  void dropExtras() {
    layouts.dropExtras();
  }

  private void prepare(List<WeightExpression> missing) {
    WeightProgram code = new WeightProgram();
    for (WeightExpression expression : missing) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < expression.weights().size(); i++) {
        names.add(WeightProgram.inputName(i));
      }
      code.add(
          expression.toScript(backend.dtype(), names),
          scratch -> upload(expression, scratch),
          names.size(),
          expression.elements(),
          array -> put(expression, array));
    }
    try (ScriptModule module = ScriptModule.load(manager, code.source())) {
      code.run(module, manager);
    }
  }

  private static PtNDArray[] upload(WeightExpression expression, NDManager scratch) {
    return expression.weights().stream()
        .map(weight -> HostArrays.upload(scratch, weight.load()))
        .toArray(PtNDArray[]::new);
  }

  private void put(WeightExpression expression, PtNDArray array) {
    prepared.put(expression, array);
    if (expression.layout() != null) {
      layouts.put(expression, array);
    }
  }

  @Override
  public void close() {
    layouts.close();
  }
}
