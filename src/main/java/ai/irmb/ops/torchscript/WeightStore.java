package ai.irmb.ops.torchscript;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prepared weights of a network, shared by its programs. They live in the manager that it is
 * given. Not safe for concurrent use.
 */
final class WeightStore {
  /** So many are raw and prepared at once: what a cold start holds twice is a part of the whole. */
  private static final int BATCH = 16;

  private final PtNDManager manager;
  private final Backend backend;
  private final Map<Preparation, PtNDArray> prepared = new HashMap<>();

  WeightStore(NDManager manager, Backend backend) {
    this.manager = (PtNDManager) manager;
    this.backend = backend;
  }

  /** {@return the weights that a program is handed; made now where no other program has them} */
  PtNDArray[] get(List<Preparation> preparations) {
    List<Preparation> missing =
        preparations.stream().filter(p -> !prepared.containsKey(p)).toList();
    if (!missing.isEmpty()) {
      prepare(missing);
    }
    return preparations.stream().map(prepared::get).toArray(PtNDArray[]::new);
  }

  private void prepare(List<Preparation> missing) {
    List<List<Preparation>> batches = new ArrayList<>();
    for (int i = 0; i < missing.size(); i += BATCH) {
      batches.add(missing.subList(i, Math.min(i + BATCH, missing.size())));
    }
    List<List<Weight>> raw = new ArrayList<>();
    StringBuilder source = new StringBuilder();
    for (List<Preparation> batch : batches) {
      raw.add(print(batch, "batch" + raw.size(), source));
    }
    try (ScriptModule module = ScriptModule.load(manager, source.toString())) {
      for (int i = 0; i < batches.size(); i++) {
        prepare(module, "batch" + i, raw.get(i), batches.get(i));
      }
    }
  }

  private void prepare(
      ScriptModule module, String method, List<Weight> raw, List<Preparation> batch) {
    try (NDManager call = manager.newSubManager()) {
      PtNDArray[] uploaded =
          raw.stream().map(w -> HostArrays.upload(call, w.load())).toArray(PtNDArray[]::new);
      try (IValue list = IValue.listFrom(uploaded)) {
        PtNDArray[] made = module.run(manager, method, list);
        for (int i = 0; i < made.length; i++) {
          prepared.put(batch.get(i), made[i]);
        }
      }
    }
  }

  /** {@return the weights that the printed method reads, in order} */
  private List<Weight> print(List<Preparation> batch, String name, StringBuilder source) {
    IdentityHashMap<Weight, String> names = new IdentityHashMap<>();
    List<Weight> order = new ArrayList<>();
    source.append("  def ").append(name).append("(__self__, raw: List[Tensor]) -> List[Tensor]:\n");
    List<String> results = new ArrayList<>();
    for (Preparation preparation : batch) {
      for (Weight weight : preparation.weights()) {
        if (!names.containsKey(weight)) {
          String variable = "r" + order.size();
          names.put(weight, variable);
          // Always a copy: the raw array lies in memory of Java's, and most preparations are views.
          source.append(
              "    %s = torch.to(raw[%d], %d, False, True)%n"
                  .formatted(variable, order.size(), backend.dtype()));
          order.add(weight);
        }
      }
      Object[] inputs = preparation.weights().stream().map(names::get).toArray();
      results.add(preparation.expression(inputs));
    }
    source.append("    return [").append(String.join(", ", results)).append("]\n");
    return order;
  }
}
