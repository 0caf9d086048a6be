package ai.irmb.internal.block.yolo;

import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code nn.MultiheadAttention} for queries, keys and values from three feature maps. */
record MultiheadAttention(
    Conv2dParams q, Conv2dParams k, Conv2dParams v, Conv2dParams out, WindowGrid grid) {
  static MultiheadAttention read(ModuleScope scope) {
    Weight weight = scope.weight("in_proj_weight");
    Weight bias = scope.hasWeight("in_proj_bias") ? scope.weight("in_proj_bias") : null;
    int channels = (int) weight.shape().get(1);
    int heads = scope.integer("num_heads", 0);
    if (heads < 1 || channels % heads != 0 || weight.shape().get(0) != 3L * channels) {
      throw scope.error("in_proj_weight " + weight.shape() + " does not fit " + heads + " heads");
    }
    double scale = 1 / Math.sqrt((double) channels / heads);
    return new MultiheadAttention(
        projection(weight, bias, 0),
        projection(weight, bias, 1),
        projection(weight, bias, 2),
        Linear.pointwise(scope.child("out_proj")),
        new WindowGrid(0, heads, scale));
  }

  /**
   * The projection to queries, keys or values: the i-th third of the rows of {@code
   * in_proj_weight}.
   */
  private static Conv2dParams projection(Weight weight, @Nullable Weight bias, int i) {
    long c = weight.shape().get(1);
    Weight rows = third(weight, Shape.of(c, c, 1, 1), i);
    return Conv2dParams.pointwise(
        rows, bias == null ? null : third(bias, Shape.of(c), i), Activation.IDENTITY);
  }

  private static Weight third(Weight projections, Shape shape, int i) {
    int size = Math.toIntExact(shape.elements());
    return Weight.of(
        projections.name() + "." + "qkv".charAt(i),
        shape,
        () -> Arrays.copyOfRange(projections.load().toFloats(), i * size, (i + 1) * size));
  }

  <T> T forward(Ops<T> ops, T queries, T keys, T values) {
    T mixed =
        ops.windowAttention(
            ops.conv2d(queries, q), ops.conv2d(keys, k), ops.conv2d(values, v), grid);
    return ops.conv2d(mixed, out);
  }
}
