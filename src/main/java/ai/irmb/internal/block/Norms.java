package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import org.jspecify.annotations.Nullable;

/** Norms that stand alone. */
final class Norms {
  private Norms() {}

  /** Batch norm at rest. */
  record BatchNorm2d(Weight scale, Weight shift) implements Block {
    static BatchNorm2d read(ModuleScope scope) {
      Folding folding = Folding.of(scope);
      return new BatchNorm2d(folding.scale(), folding.shift());
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.scaleShift(x, scale, shift);
    }
  }

  /** Layer norm over the channels of each position. */
  record LayerNorm2d(Weight scale, Weight shift, double eps) implements Block {
    static LayerNorm2d read(ModuleScope scope) {
      ModuleScope norm = scope.hasChild("norm") ? scope.child("norm") : scope;
      return new LayerNorm2d(norm.weight("weight"), norm.weight("bias"), norm.number("eps", 1e-5));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.channelNorm(x, scale, shift, eps);
    }
  }

  /** Instance norm; with weights of its own it scales and shifts afterwards. */
  record InstanceNorm2d(double eps, @Nullable Weight scale, @Nullable Weight shift)
      implements Block {
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
}
