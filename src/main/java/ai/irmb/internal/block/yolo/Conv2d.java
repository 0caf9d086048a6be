package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;

/** {@code nn.Conv2d} without norm and activation. */
record Conv2d(Conv2dParams params) implements Block {
  static final BlockType TYPE = new BlockType("nn.Conv2d", Conv2d::declare, Conv2d::read);

  /** {@code nn.Conv2d, [c1, c2, k, s=1, p=0, d=1, g=1, bias=True]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int channels = arguments.inChannels();
    for (int i = 0; i < 2; i++) {
      if (arguments.integer(i, "channels", 1, LayerArguments.MAX_CHANNELS) != channels) {
        throw arguments.argumentError(
            i,
            "channels",
            channels + ", since YOLOv5 gives this layer as many channels as it reads");
      }
    }
    ModuleTree tree =
        TorchModules.conv2d(
            channels,
            channels,
            arguments.pair(2, "kernel", 1, Pair.of(1)),
            arguments.pair(3, "stride", 1, Pair.of(1)),
            arguments.pair(4, "padding", 0, Pair.of(0)),
            arguments.pair(5, "dilation", 1, Pair.of(1)),
            arguments.integer(6, "groups", 1, LayerArguments.MAX_CHANNELS, 1),
            arguments.bool(7, "bias", true));
    return LayerDeclaration.ofLayer(arguments, tree, channels);
  }

  static Conv2d read(ModuleScope scope) {
    return new Conv2d(scope.conv2d(Activation.IDENTITY));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.conv2d(x, params);
  }
}
