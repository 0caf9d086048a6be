package ai.irmb.internal.network;

import ai.irmb.internal.ops.shape.ShapeOps;
import ai.irmb.tensor.Shape;
import java.util.List;

/**
 * The layers, parameters and floating-point operations of a network. Immutable.
 *
 * @param layers one row per layer
 * @param parameters number of trained parameters
 * @param flops floating-point operations for one image of the requested size: two per multiply-add
 *     of convolutions, linear layers and attention products
 * @param strides pixels between neighboring positions, per level
 */
public record Summary(
    List<LayerSummary> layers, long parameters, long flops, List<Double> strides) {
  /** Copies the lists. */
  public Summary {
    layers = List.copyOf(layers);
    strides = List.copyOf(strides);
  }

  /** {@return the summary of a model for one image of a size} */
  public static Summary of(Model model, int height, int width) {
    ShapeOps ops = new ShapeOps();
    model
        .network()
        .forward(ops, Shape.of(1, model.channels(), height, width), (index, output, alive) -> {});
    return new Summary(model.layers(), model.parameters(), ops.flops(), model.network().strides());
  }
}
