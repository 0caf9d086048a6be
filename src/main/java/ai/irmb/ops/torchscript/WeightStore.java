package ai.irmb.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.irmb.ops.Weight;
import ai.irmb.ops.torchscript.Preparation.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prepared weights of a network, shared by its programs. They live in the manager that it is
 * given. Not safe for concurrent use.
 */
final class WeightStore {
  private static final Logger LOG = LoggerFactory.getLogger(WeightStore.class);

  /** So many are raw and prepared at once: what a cold start holds twice is a part of the whole. */
  private static final int BATCH = 16;

  private final PtNDManager manager;
  private final Backend backend;
  private final Map<Preparation, Prepared> prepared = new HashMap<>();
  private boolean adapts = true;

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
    List<Preparation> unfit =
        preparations.stream().filter(p -> !of(p).layouts.containsKey(p.layout())).toList();
    if (!unfit.isEmpty()) {
      adapt(unfit);
    }
    return preparations.stream().map(p -> of(p).in(p.layout())).toArray(PtNDArray[]::new);
  }

  private Prepared of(Preparation preparation) {
    return requireNonNull(prepared.get(preparation));
  }

  /** The same weights in the few layouts that programs want them in. */
  private static final class Prepared {
    private final PtNDArray first;
    private final Map<@Nullable Layout, PtNDArray> layouts = new HashMap<>();
    private final Map<ByteBuffer, PtNDArray> descriptions = new HashMap<>();

    Prepared(Preparation preparation, PtNDArray first) {
      this.first = first;
      layouts.put(preparation.layout(), first);
    }

    PtNDArray in(@Nullable Layout layout) {
      return layouts.getOrDefault(layout, first);
    }

    /** Most layouts turn out to be one that is there already. */
    void add(Layout layout, PtNDArray array, ByteBuffer description, ByteBuffer ofFirst) {
      descriptions.putIfAbsent(ofFirst, first);
      PtNDArray known = descriptions.putIfAbsent(description, array);
      if (known != null) {
        array.close();
      }
      layouts.put(layout, known == null ? array : known);
    }
  }

  private static <T> List<List<T>> batches(List<T> all) {
    List<List<T>> batches = new ArrayList<>();
    for (int i = 0; i < all.size(); i += BATCH) {
      batches.add(all.subList(i, Math.min(i + BATCH, all.size())));
    }
    return batches;
  }

  private void prepare(List<Preparation> missing) {
    List<List<Preparation>> batches = batches(missing);
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
          prepared.put(batch.get(i), new Prepared(batch.get(i), made[i]));
        }
      }
    }
  }

  /** {@return the weights that the printed method reads, in order} */
  private List<Weight> print(List<Preparation> batch, String name, StringBuilder source) {
    IdentityHashMap<Weight, String> names = new IdentityHashMap<>();
    List<Weight> order = new ArrayList<>();
    List<String> results = new ArrayList<>();
    source.append(header(name));
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

  private static String header(String name) {
    return "  def " + name + "(__self__, raw: List[Tensor]) -> List[Tensor]:\n";
  }

  /** For inputs of other sizes, from what is prepared: without it they work, but slower. */
  private void adapt(List<Preparation> unfit) {
    if (!adapts) {
      return;
    }
    List<List<Preparation>> batches = batches(unfit);
    StringBuilder source = new StringBuilder();
    for (int i = 0; i < batches.size(); i++) {
      source.append(header("batch" + i));
      List<String> results = new ArrayList<>();
      for (int k = 0; k < batches.get(i).size(); k++) {
        Layout layout = requireNonNull(batches.get(i).get(k).layout());
        String now = "w" + k;
        String dense = "torch.to_dense(raw[" + k + "])";
        source.append("    %s = %s%n".formatted(now, layout.format().formatted(dense)));
        results.add(now);
        results.add(description(now));
        results.add(description("raw[" + k + "]"));
      }
      source.append("    return [").append(String.join(", ", results)).append("]\n");
    }
    try (ScriptModule module = ScriptModule.load(manager, source.toString())) {
      for (int i = 0; i < batches.size(); i++) {
        adapt(module, "batch" + i, batches.get(i));
      }
    } catch (EngineException | ScriptRefusedException e) {
      adapts = false;
      LOG.debug("The engine does not turn prepared weights; they stay as they are", e);
    }
  }

  private static String description(String array) {
    return "ops.mkldnn._get_mkldnn_serialized_md(" + array + ")";
  }

  private void adapt(ScriptModule module, String method, List<Preparation> batch) {
    PtNDArray[] firsts = batch.stream().map(p -> of(p).first).toArray(PtNDArray[]::new);
    try (IValue list = IValue.listFrom(firsts)) {
      PtNDArray[] made = module.run(manager, method, list);
      for (int i = 0; i < batch.size(); i++) {
        Preparation preparation = batch.get(i);
        of(preparation)
            .add(
                requireNonNull(preparation.layout()),
                made[3 * i],
                taken(made[3 * i + 1]),
                taken(made[3 * i + 2]));
      }
    }
  }

  private static ByteBuffer taken(PtNDArray description) {
    try (description) {
      return ByteBuffer.wrap(description.toByteArray());
    }
  }
}
