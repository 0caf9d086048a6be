package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import java.util.List;

/**
 * Squeeze and excitation: scales each channel by a factor in (0, 1), which a small network computes
 * from the means of all channels.
 */
record SqueezeExcite(Block gate) implements Block {
  static final BlockType TYPE = BlockType.inner("SqueezeExcite", SqueezeExcite::read);

  /** timm's class, with two 1 × 1 convolutions. */
  static SqueezeExcite read(ModuleScope scope) {
    return new SqueezeExcite(
        new Sequential(
            List.of(
                scope.block("conv_reduce"),
                scope.block("act1"),
                scope.block("conv_expand"),
                scope.block("gate"))));
  }

  /** The classes {@code SE} and {@code SELayer}, with two linear layers. */
  static SqueezeExcite readLinear(ModuleScope scope) {
    scope.ignore("avg_pool", "avgpool", "pool");
    return new SqueezeExcite(scope.block("fc"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.multiply(x, gate.forward(ops, ops.mean(x)));
  }
}
