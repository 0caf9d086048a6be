package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/** Returns its input: {@code nn.Identity}, and dropout in inference mode. */
record Identity() implements Block {
  static final BlockType TYPE = new BlockType("nn.Identity", Identity::declare, Identity::read);

  private static LayerDeclaration declare(LayerArguments arguments) {
    return LayerDeclaration.ofLayer(arguments, TorchModules.identity(), arguments.inChannels());
  }

  /** {@return {@code nn.Dropout} or a class like it: {@code [p=0.5, inplace=False]}} */
  static BlockType dropout(String className) {
    return new BlockType(
        "nn." + className,
        arguments -> {
          double p = arguments.number(0, "p", 0.5);
          if (!(p >= 0 && p <= 1)) {
            throw arguments.argumentError(0, "p", "a probability from 0 to 1");
          }
          ModuleTree tree = TorchModules.of("torch.nn.modules.dropout." + className).build();
          return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels());
        },
        Identity::read);
  }

  static Identity read(ModuleScope scope) {
    return new Identity();
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return x;
  }
}
