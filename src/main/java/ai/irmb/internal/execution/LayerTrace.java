package ai.irmb.internal.execution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.Network;
import ai.irmb.internal.ops.eager.EagerOps;
import ai.irmb.internal.ops.eager.EagerWeights;
import ai.irmb.internal.ops.torchscript.CompiledNetwork;
import ai.irmb.internal.ops.torchscript.ImageTensor;
import ai.irmb.internal.postprocess.HeadDecoder;
import ai.irmb.internal.postprocess.LevelOutput;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model in single precision and hands out its intermediate tensors, for comparing them with
 * PyTorch's.
 */
public final class LayerTrace {
  private LayerTrace() {}

  /** Receives the tensors in the order of the network. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Called for each tensor.
     *
     * @param name {@code layer00} …, {@code raw0} … as (N, anchors, H, W, values), {@code decoded}
     *     as (N, candidates, values), {@code proto}
     * @param shape of the tensor
     * @param values row-major
     */
    void visit(String name, Shape shape, float[] values);
  }

  /**
   * Runs the model eagerly on one input.
   *
   * @param device as for a detector, or null
   * @param x (N, 3, H, W), values 0 to 1
   */
  public static void run(
      Model model, @Nullable String device, Shape shape, float[] x, Visitor visitor) {
    Network network = model.network();
    try (NDManager manager = PyTorchEngine.get().newManager(device);
        EagerWeights weights = new EagerWeights(manager, DataType.FLOAT32);
        NDManager call = manager.newSubManager()) {
      EagerOps ops = new EagerOps(call, weights);
      NDArray input = call.create(x, new ai.djl.ndarray.types.Shape(shape.toArray()));
      Head.Outputs<NDArray> outputs =
          network.forward(
              ops,
              input,
              (index, output, alive) -> {
                visitor.visit(
                    String.format(Locale.ROOT, "layer%02d", index),
                    Shape.of(output.getShape().getShape()),
                    output.toFloatArray());
                ops.releaseExcept(alive);
              });
      List<HostTensor> maps = new ArrayList<>();
      outputs.levels().forEach(level -> maps.add(host(level)));
      if (outputs.proto() != null) {
        maps.add(host(outputs.proto()));
      }
      visitHeads(model, maps, visitor);
    }
  }

  /**
   * Runs the compiled model on one input. Its layers are not visible, so the tensors begin with
   * {@code raw0}.
   *
   * @param device as for a detector, or null
   * @param x (N, 3, H, W), values 0 to 1
   */
  public static void runCompiled(
      Model model, @Nullable String device, Shape shape, float[] x, Visitor visitor) {
    try (CompiledNetwork compiled =
        CompiledExecution.open(model, ExecutionFactory.target(device, DType.F32))) {
      visitHeads(model, compiled.outputs(ImageTensor.planar(HostTensor.of(shape, x))), visitor);
    }
  }

  private static HostTensor host(NDArray array) {
    return HostTensor.of(Shape.of(array.getShape().getShape()), array.toFloatArray());
  }

  /** The levels first, then the prototypes if there are any. */
  static void visitHeads(Model model, List<HostTensor> maps, Visitor visitor) {
    int count = model.strides().size();
    List<LevelOutput> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HostTensor map = maps.get(i);
      float[] values = map.toFloats();
      levels.add(new LevelOutput(values, (int) map.shape().get(2), (int) map.shape().get(3)));
      visitLevel(model.network().head(), map.shape(), values, "raw" + i, visitor);
    }
    HeadDecoder decoder = ExecutionFactory.decoder(model);
    int images = (int) maps.get(0).shape().get(0);
    int values = model.network().head().layout().valuesPerAnchor();
    Shape shape = Shape.of(images, decoder.predictions(levels), values);
    visitor.visit("decoded", shape, decoder.decodeAll(levels));
    if (maps.size() > count) {
      visitor.visit("proto", maps.get(count).shape(), maps.get(count).toFloats());
    }
  }

  /** Visits (N, anchors · values, H, W) as (N, anchors, H, W, values). */
  private static void visitLevel(Head head, Shape s, float[] values, String name, Visitor visitor) {
    int numbers = head.layout().valuesPerAnchor();
    int cells = (int) (s.get(2) * s.get(3));
    float[] rows = new float[values.length];
    for (int plane = 0; plane < values.length / (numbers * cells); plane++) {
      int start = plane * numbers * cells;
      for (int k = 0; k < numbers; k++) {
        for (int cell = 0; cell < cells; cell++) {
          rows[start + cell * numbers + k] = values[start + k * cells + cell];
        }
      }
    }
    Shape shape = Shape.of(s.get(0), head.layout().anchors(), s.get(2), s.get(3), numbers);
    visitor.visit(name, shape, rows);
  }
}
