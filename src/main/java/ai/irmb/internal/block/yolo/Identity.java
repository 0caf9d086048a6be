package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/** Returns its input: {@code nn.Identity}, and dropout in inference mode. */
record Identity() implements Block {
  static final BlockType TYPE = new BlockType("nn.Identity", Identity::declare, Identity::read);

  private static LayerDeclaration declare(LayerArguments arguments) {
    return LayerDeclaration.of(TorchModules.identity(), arguments.inChannels());
  }

  static Identity read(ModuleScope scope) {
    return new Identity();
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return x;
  }
}
