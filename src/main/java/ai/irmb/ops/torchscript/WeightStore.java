package ai.irmb.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.irmb.ops.torchscript.Preparation.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
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

  private void prepare(List<Preparation> missing) {
    WeightCode code = new WeightCode();
    List<WeightCode.Call> calls = missing.stream().map(p -> print(p, code)).toList();
    try (ScriptModule module = code.load(manager)) {
      for (int i = 0; i < calls.size(); i++) {
        Preparation preparation = missing.get(i);
        try (NDManager call = manager.newSubManager()) {
          PtNDArray[] raw =
              preparation.weights().stream()
                  .map(weight -> HostArrays.upload(call, weight.load()))
                  .toArray(PtNDArray[]::new);
          PtNDArray made = calls.get(i).run(module, manager, raw)[0];
          prepared.put(preparation, new Prepared(preparation, made));
        }
      }
    }
  }

  private WeightCode.Call print(Preparation preparation, WeightCode code) {
    int inputs = preparation.weights().size();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      names.add(WeightCode.input(i));
    }
    return code.add(inputs, preparation.expression(backend.dtype(), names));
  }

  /** For inputs of other sizes, from what is prepared: without it they work, but slower. */
  private void adapt(List<Preparation> unfit) {
    if (!adapts) {
      return;
    }
    WeightCode code = new WeightCode();
    List<WeightCode.Call> calls = new ArrayList<>();
    String first = WeightCode.input(0);
    for (Preparation preparation : unfit) {
      String now =
          requireNonNull(preparation.layout()).format().formatted("torch.to_dense(" + first + ")");
      calls.add(code.add(1, now, description(WeightCode.FIRST), description(first)));
    }
    try (ScriptModule module = code.load(manager)) {
      for (int i = 0; i < calls.size(); i++) {
        Prepared known = of(unfit.get(i));
        PtNDArray[] made = calls.get(i).run(module, manager, known.first);
        Layout layout = requireNonNull(unfit.get(i).layout());
        known.add(layout, made[0], taken(made[1]), taken(made[2]));
      }
    } catch (EngineException | ScriptRefusedException e) {
      adapts = false;
      LOG.debug("The engine does not turn prepared weights; they stay as they are", e);
    }
  }

  private static String description(String array) {
    return "ops.mkldnn._get_mkldnn_serialized_md(" + array + ")";
  }

  private static ByteBuffer taken(PtNDArray description) {
    try (description) {
      return ByteBuffer.wrap(description.toByteArray());
    }
  }
}
