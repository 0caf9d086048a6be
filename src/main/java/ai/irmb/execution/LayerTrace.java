package ai.irmb.execution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.irmb.block.Head;
import ai.irmb.network.Model;
import ai.irmb.network.Network;
import ai.irmb.ops.eager.EagerOps;
import ai.irmb.ops.eager.EagerWeights;
import ai.irmb.postprocess.HeadDecoder;
import ai.irmb.postprocess.LevelOutput;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a model eagerly, in single precision, and shows what every layer gives: for comparing with
 * tensors from PyTorch.
 */
public final class LayerTrace {
  private LayerTrace() {}

  /** Receives the tensors in the order of the network. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * One tensor.
     *
     * @param name {@code layer00} …, {@code raw0} … as (N, anchors, H, W, numbers), {@code decoded}
     *     as (N, rows, numbers), {@code proto}
     * @param shape its sizes
     * @param values row-major
     */
    void visit(String name, Shape shape, float[] values);
  }

  /**
   * Runs the model on one input.
   *
   * @param device as for a detector, or null
   * @param x (N, 3, H, W), values 0 to 1
   */
  public static void run(
      Model model,
      @org.jspecify.annotations.Nullable String device,
      Shape shape,
      float[] x,
      Visitor visitor) {
    Network network = model.network();
    try (NDManager manager = EngineRuntime.newManager(device);
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
                    shape(output),
                    output.toFloatArray());
                ops.releaseExcept(alive);
              });
      heads(model, outputs, visitor);
    }
  }

  private static Shape shape(NDArray array) {
    return Shape.of(array.getShape().getShape());
  }

  private static void heads(Model model, Head.Outputs<NDArray> outputs, Visitor visitor) {
    Head head = model.network().head();
    List<LevelOutput> levels = new ArrayList<>();
    int index = 0;
    for (NDArray level : outputs.levels()) {
      Shape s = shape(level);
      levels.add(new LevelOutput(level.toFloatArray(), (int) s.get(2), (int) s.get(3)));
      NDArray rows =
          level
              .reshape(s.get(0), head.anchorsPerLevel(), head.rowSize(), s.get(2), s.get(3))
              .transpose(0, 1, 3, 4, 2);
      visitor.visit("raw" + index, shape(rows), rows.toFloatArray());
      index++;
    }
    HeadDecoder decoder = Executions.decoder(model);
    int count = (int) outputs.levels().get(0).getShape().get(0);
    float[] decoded = new float[count * decoder.rows(levels) * decoder.numbers()];
    for (int i = 0; i < count; i++) {
      float[] rows = decoder.decode(levels, i);
      System.arraycopy(rows, 0, decoded, i * rows.length, rows.length);
    }
    visitor.visit("decoded", Shape.of(count, decoder.rows(levels), decoder.numbers()), decoded);
    if (outputs.proto() != null) {
      visitor.visit("proto", shape(outputs.proto()), outputs.proto().toFloatArray());
    }
  }
}
