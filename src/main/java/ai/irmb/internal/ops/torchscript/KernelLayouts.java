package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of a network's convolutions in the layouts that oneDNN prefers, which depend on the
 * sizes of the inputs. They are prepared for the first input shape. Another shape has them
 * channels-last at first, so that its first forward pass converts most of them; {@link #improve}
 * queries the preferred layouts in two steps (docs/decisions/kernel-layout.md). Not safe for
 * concurrent use.
 */
final class KernelLayouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelLayouts.class);

  /** An entry takes about a kilobyte; a network has some 30 per input shape. */
  private static final int MAX_DESCRIPTIONS = 1 << 13;

  private final PtNDManager manager;
  private final int dtype;
  private final Map<WeightExpression, Kernels> all = new HashMap<>();

  /** oneDNN's descriptions of the layouts; equal for equal layouts. */
  private final Map<KernelLayout, ByteBuffer> descriptions = new HashMap<>();

  private final Map<String, ScriptModule> modules = new HashMap<>();
  private boolean canConvert = true;

  /**
   * @param manager owns the kernels
   * @param dtype PyTorch's number of their type
   */
  KernelLayouts(PtNDManager manager, int dtype) {
    this.manager = manager;
    this.dtype = dtype;
  }

  /** The same kernels in several layouts. */
  private static final class Kernels {
    private final KernelLayout firstLayout;
    private final PtNDArray first;
    private final Map<ByteBuffer, PtNDArray> converted = new HashMap<>();
    private @Nullable PtNDArray channelsLast;

    Kernels(KernelLayout firstLayout, PtNDArray first) {
      this.firstLayout = firstLayout;
      this.first = first;
    }
  }

  /** Adds kernels in the layout for the first input shape. */
  void put(WeightExpression expression, PtNDArray array) {
    all.put(expression, new Kernels(layout(expression), array));
  }

  /** {@return kernels in their layout, or in the best order that is there now} */
  PtNDArray get(WeightExpression expression) {
    Kernels kernels = of(expression);
    if (kernels.channelsLast == null || layout(expression).equals(kernels.firstLayout)) {
      return kernels.first;
    }
    ByteBuffer description = descriptions.get(layout(expression));
    return description == null
        ? kernels.channelsLast
        : kernels.converted.getOrDefault(description, kernels.channelsLast);
  }

  /**
   * Converts kernels to the layouts that a program wants. Programs also run without it, but slower.
   *
   * @param maxQueries layouts to query from oneDNN; the largest kernels come first
   * @return whether all have these layouts
   */
  boolean improve(List<WeightExpression> program, int maxQueries) {
    List<WeightExpression> others =
        program.stream().filter(p -> !layout(p).equals(of(p).firstLayout)).toList();
    if (others.isEmpty() || !canConvert) {
      return true;
    }
    try {
      addChannelsLast(others);
      List<KernelLayout> unknown = unknown(others);
      describe(unknown.subList(0, Math.min(unknown.size(), maxQueries)));
      convert(others);
      return unknown.size() <= maxQueries;
    } catch (EngineException | ScriptRefusedException e) {
      canConvert = false;
      LOG.debug("The engine does not convert prepared kernels; they keep their layout", e);
      return true;
    }
  }

  /** {@return layouts without a description; first the largest, whose conversion costs most} */
  private List<KernelLayout> unknown(List<WeightExpression> wanted) {
    if (descriptions.size() > MAX_DESCRIPTIONS) {
      descriptions.clear();
    }
    return wanted.stream()
        .filter(expression -> !descriptions.containsKey(layout(expression)))
        .sorted(Comparator.comparingLong(expression -> -expression.elements()))
        .map(KernelLayouts::layout)
        .distinct()
        .toList();
  }

  /**
   * Describes the first layouts, and makes the channels-last kernels of which all others are made.
   */
  private void addChannelsLast(List<WeightExpression> wanted) {
    WeightProgram code = new WeightProgram();
    for (WeightExpression expression : wanted) {
      Kernels kernels = of(expression);
      if (kernels.channelsLast == null) {
        add(
            code,
            description(WeightProgram.inputName(0)),
            kernels.first,
            0,
            bytes -> kernels.converted.put(readAndClose(bytes), kernels.first));
        String dense = "torch.to_dense(" + WeightProgram.inputName(0) + ")";
        add(
            code,
            TorchScript.fill(kernels.firstLayout.channelsLast(), dense),
            kernels.first,
            expression.elements(),
            array -> kernels.channelsLast = array);
      }
    }
    run(code);
  }

  /**
   * Queries the layouts that oneDNN prefers. It returns them only as the result of a conversion;
   * uninitialized kernels are the cheapest, and convolutions of the same sizes share one query.
   */
  private void describe(List<KernelLayout> layouts) {
    WeightProgram code = new WeightProgram();
    try (NDManager scratch = manager.newSubManager()) {
      PtNDArray any = (PtNDArray) scratch.create(0f);
      for (KernelLayout layout : layouts) {
        String empty =
            TorchScript.fill(layout.conversionOfEmpty(dtype), WeightProgram.inputName(0));
        add(
            code,
            description(empty),
            any,
            0,
            bytes -> descriptions.put(layout, readAndClose(bytes)));
      }
      run(code);
    }
  }

  private void convert(List<WeightExpression> wanted) {
    WeightProgram code = new WeightProgram();
    for (WeightExpression expression : wanted) {
      Kernels kernels = of(expression);
      ByteBuffer description = descriptions.get(layout(expression));
      if (description != null && !kernels.converted.containsKey(description)) {
        add(
            code,
            TorchScript.fill(
                layout(expression).conversionOfChannelsLast(), WeightProgram.inputName(0)),
            requireNonNull(kernels.channelsLast),
            expression.elements(),
            array -> kernels.converted.put(description, array));
      }
    }
    run(code);
  }

  private static void add(
      WeightProgram code,
      String expression,
      PtNDArray input,
      long elements,
      Consumer<PtNDArray> result) {
    code.add(expression, scratch -> new PtNDArray[] {input}, 1, elements, result);
  }

  /** Runs a program and keeps it loaded: all input shapes need the same few. */
  private void run(WeightProgram code) {
    if (!code.source().isEmpty()) {
      code.run(
          modules.computeIfAbsent(code.source(), source -> ScriptModule.load(manager, source)),
          manager);
    }
  }

  /** {@return the memory of the kernels in the layouts for the first input shape} */
  long firstBytes() {
    return bytes(all.keySet().stream().mapToLong(WeightExpression::elements).sum());
  }

  /** {@return the memory of all others} */
  long extraBytes() {
    long elements = 0;
    for (Entry<WeightExpression, Kernels> entry : all.entrySet()) {
      Kernels kernels = entry.getValue();
      int extras =
          Math.max(kernels.converted.size() - 1, 0) + (kernels.channelsLast == null ? 0 : 1);
      elements += extras * entry.getKey().elements();
    }
    return bytes(elements);
  }

  private long bytes(long elements) {
    return elements * (dtype == Backend.FLOAT ? Float.BYTES : Short.BYTES);
  }

  /** Forgets the kernels that were converted. Programs that have them keep them. */
  @SuppressWarnings("ReferenceEquality")
  void dropExtras() {
    for (Kernels kernels : all.values()) {
      // Not collections of arrays: their equality compares elements.
      Iterator<PtNDArray> arrays = kernels.converted.values().iterator();
      while (arrays.hasNext()) {
        PtNDArray array = arrays.next();
        if (array != kernels.first) {
          arrays.remove();
          array.close();
        }
      }
    }
  }

  private Kernels of(WeightExpression expression) {
    return requireNonNull(all.get(expression));
  }

  private static KernelLayout layout(WeightExpression expression) {
    return requireNonNull(expression.layout());
  }

  private static String description(String array) {
    return "ops.mkldnn._get_mkldnn_serialized_md(" + array + ")";
  }

  private static ByteBuffer readAndClose(PtNDArray description) {
    try (description) {
      return ByteBuffer.wrap(description.toByteArray());
    }
  }

  @Override
  public void close() {
    modules.values().forEach(ScriptModule::close);
  }
}
