package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;

/** Layer norm over the channels, per position. */
record LayerNorm2d(Weight scale, Weight shift, double eps) implements Block {
  static final BlockType TYPE = BlockType.inner("LayerNorm2d", LayerNorm2d::read);

  static LayerNorm2d read(ModuleScope scope) {
    ModuleScope norm = scope.hasChild("norm") ? scope.child("norm") : scope;
    return new LayerNorm2d(norm.weight("weight"), norm.weight("bias"), norm.number("eps", 1e-5));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.channelNorm(x, scale, shift, eps);
  }
}
