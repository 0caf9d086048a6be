package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;

/** {@code nn.BatchNorm2d} in inference mode that does not follow a convolution. */
record BatchNorm2d(Weight scale, Weight shift) implements Block {
  static final BlockType TYPE =
      new BlockType("nn.BatchNorm2d", BatchNorm2d::declare, BatchNorm2d::read);

  private static LayerDeclaration declare(LayerArguments arguments) {
    int channels = arguments.inChannels();
    return LayerDeclaration.of(TorchModules.batchNorm2d(channels), channels, channels);
  }

  static BatchNorm2d read(ModuleScope scope) {
    BatchNorm norm = BatchNorm.of(scope);
    return new BatchNorm2d(norm.scale(), norm.shift());
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.scaleShift(x, scale, shift);
  }
}
