package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.irmb.internal.ops.torchscript.WeightExpression.KernelLayout;
import ai.irmb.ops.Weight;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prepared weights of a network, shared by its programs and owned by the given manager. Not
 * safe for concurrent use.
 */
final class WeightStore {
  private static final Logger LOG = LoggerFactory.getLogger(WeightStore.class);

  /** Bounds the memory for raw weights, which exist beside the prepared ones. */
  private static final int MAX_ELEMENTS_PER_CALL = 1 << 20;

  private final PtNDManager manager;
  private final Backend backend;
  private final Map<WeightExpression, Prepared> prepared = new HashMap<>();
  private boolean canReorder = true;

  WeightStore(NDManager manager, Backend backend) {
    this.manager = (PtNDManager) manager;
    this.backend = backend;
  }

  /** {@return the weights of a program, prepared now unless another program has them} */
  PtNDArray[] get(List<WeightExpression> expressions) {
    List<WeightExpression> missing =
        expressions.stream().filter(p -> !prepared.containsKey(p)).toList();
    if (!missing.isEmpty()) {
      prepare(missing);
    }
    List<WeightExpression> missingLayout =
        expressions.stream().filter(p -> !of(p).layouts.containsKey(p.layout())).toList();
    if (!missingLayout.isEmpty()) {
      reorder(missingLayout);
    }
    return expressions.stream().map(p -> of(p).in(p.layout())).toArray(PtNDArray[]::new);
  }

  private Prepared of(WeightExpression expression) {
    return requireNonNull(prepared.get(expression));
  }

  /** The same weights in the layouts that programs need. */
  private static final class Prepared {
    private final PtNDArray first;
    private final Map<@Nullable KernelLayout, PtNDArray> layouts = new HashMap<>();
    private final Map<ByteBuffer, PtNDArray> descriptions = new HashMap<>();

    Prepared(WeightExpression expression, PtNDArray first) {
      this.first = first;
      layouts.put(expression.layout(), first);
    }

    PtNDArray in(@Nullable KernelLayout layout) {
      return layouts.getOrDefault(layout, first);
    }

    /** Adds a layout. Most prove equal to one that is present, and share its array. */
    void add(KernelLayout layout, PtNDArray array, ByteBuffer description, ByteBuffer ofFirst) {
      descriptions.putIfAbsent(ofFirst, first);
      PtNDArray known = descriptions.putIfAbsent(description, array);
      if (known != null) {
        array.close();
      }
      layouts.put(layout, known == null ? array : known);
    }
  }

  private void prepare(List<WeightExpression> missing) {
    WeightProgram code = new WeightProgram();
    List<Use> uses = new ArrayList<>();
    missing.forEach(expression -> uses.add(new Use(expression, print(expression, code))));
    try (ScriptModule module = code.load(manager)) {
      groups(uses).forEach(group -> prepare(module, group));
    }
  }

  private void prepare(ScriptModule module, List<Use> group) {
    try (NDManager raw = manager.newSubManager()) {
      List<PtNDArray[]> inputs = new ArrayList<>();
      for (Use use : group) {
        List<Weight> weights = use.expression().weights();
        PtNDArray[] arrays = new PtNDArray[weights.size()];
        for (int i = 0; i < arrays.length; i++) {
          arrays[i] = HostArrays.upload(raw, weights.get(i).load());
        }
        inputs.add(arrays);
      }
      PtNDArray[] results = run(module, group, inputs);
      for (int i = 0; i < results.length; i++) {
        WeightExpression expression = group.get(i).expression();
        prepared.put(expression, new Prepared(expression, results[i]));
      }
    }
  }

  /** An expression, and the call that computes it. */
  private record Use(WeightExpression expression, WeightProgram.Call call) {
    /** {@return the number of elements of the raw weights} */
    long elements() {
      long elements = 0;
      for (Weight weight : expression.weights()) {
        elements += weight.shape().elements();
      }
      return elements;
    }
  }

  /** {@return the uses in groups of one method each, bounded in elements} */
  private static List<List<Use>> groups(List<Use> uses) {
    Map<String, List<Use>> open = new LinkedHashMap<>();
    Map<String, Long> sizes = new HashMap<>();
    List<List<Use>> groups = new ArrayList<>();
    for (Use use : uses) {
      String method = use.call().method();
      open.computeIfAbsent(method, m -> new ArrayList<>()).add(use);
      if (sizes.merge(method, use.elements(), Long::sum) >= MAX_ELEMENTS_PER_CALL) {
        groups.add(requireNonNull(open.remove(method)));
        sizes.remove(method);
      }
    }
    groups.addAll(open.values());
    return groups;
  }

  private PtNDArray[] run(ScriptModule module, List<Use> group, List<PtNDArray[]> inputs) {
    return WeightProgram.run(module, manager, group.stream().map(Use::call).toList(), inputs);
  }

  private WeightProgram.Call print(WeightExpression expression, WeightProgram code) {
    int inputs = expression.weights().size();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      names.add(WeightProgram.inputName(i));
    }
    return code.add(inputs, expression.toScript(backend.dtype(), names));
  }

  /**
   * Converts prepared weights for another input shape. Programs also run without it, but slower.
   */
  private void reorder(List<WeightExpression> missingLayout) {
    if (!canReorder) {
      return;
    }
    WeightProgram code = new WeightProgram();
    List<Use> uses = new ArrayList<>();
    String first = WeightProgram.inputName(0);
    for (WeightExpression expression : missingLayout) {
      String now =
          TorchScript.fill(
              requireNonNull(expression.layout()).format(), "torch.to_dense(" + first + ")");
      uses.add(
          new Use(
              expression, code.add(1, now, description(WeightProgram.FIRST), description(first))));
    }
    try (ScriptModule module = code.load(manager)) {
      groups(uses).forEach(group -> reorder(module, group));
    } catch (EngineException | ScriptRefusedException e) {
      canReorder = false;
      LOG.debug("The engine does not reorder prepared weights; they keep their layout", e);
    }
  }

  private void reorder(ScriptModule module, List<Use> group) {
    List<PtNDArray[]> inputs = new ArrayList<>();
    for (Use use : group) {
      inputs.add(new PtNDArray[] {of(use.expression()).first});
    }
    PtNDArray[] results = run(module, group, inputs);
    for (int i = 0; i < group.size(); i++) {
      WeightExpression expression = group.get(i).expression();
      KernelLayout layout = requireNonNull(expression.layout());
      int at = i * group.get(i).call().results();
      of(expression)
          .add(layout, results[at], readAndClose(results[at + 1]), readAndClose(results[at + 2]));
    }
  }

  private static String description(String array) {
    return "ops.mkldnn._get_mkldnn_serialized_md(" + array + ")";
  }

  private static ByteBuffer readAndClose(PtNDArray description) {
    try (description) {
      return ByteBuffer.wrap(description.toByteArray());
    }
  }
}
