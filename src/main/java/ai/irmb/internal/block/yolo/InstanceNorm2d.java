package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import org.jspecify.annotations.Nullable;

/** {@code nn.InstanceNorm2d}, with scale and shift if it is affine. */
record InstanceNorm2d(double eps, @Nullable Weight scale, @Nullable Weight shift) implements Block {
  static final BlockType TYPE = BlockType.inner("InstanceNorm2d", InstanceNorm2d::read);

  static InstanceNorm2d read(ModuleScope scope) {
    boolean affine = scope.hasWeight("weight");
    return new InstanceNorm2d(
        scope.number("eps", 1e-5),
        affine ? scope.weight("weight") : null,
        affine ? scope.weight("bias") : null);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = ops.instanceNorm(x, eps);
    return scale == null || shift == null ? y : ops.scaleShift(y, scale, shift);
  }
}
