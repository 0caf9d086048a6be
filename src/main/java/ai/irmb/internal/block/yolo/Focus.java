package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import java.util.List;

/** Moves 2 × 2 squares of pixels into channels, then applies a convolution. */
record Focus(Block conv) implements Block {
  static final BlockType TYPE = new BlockType("Focus", Focus::declare, Focus::read);

  /** {@code Focus, [c2, k=1, s=1, p=None, g=1, act=True]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    Pair kernel = arguments.pair(1, "kernel", 1, Pair.of(1));
    int groups = arguments.integer(4, "groups", 1, 65_536, 1);
    if (4 * in % groups != 0 || out % groups != 0) {
      throw arguments.error("channels are not multiples of " + groups + " groups");
    }
    ModuleTree conv =
        TorchModules.conv2d(
            4 * in,
            out,
            kernel,
            arguments.pair(2, "stride", 1, Pair.of(1)),
            arguments.pair(3, "padding", 0, Conv.autoPadding(kernel, Pair.of(1))),
            Pair.of(1),
            groups,
            false);
    ModuleTree tree =
        TorchModules.of("models.common.Focus")
            .child(
                "conv",
                TorchModules.of(Conv.CLASS)
                    .child("conv", conv)
                    .child("bn", TorchModules.batchNorm2d(out))
                    .child("act", arguments.activation(5))
                    .build())
            .build();
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static Focus read(ModuleScope scope) {
    return new Focus(scope.block("conv"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return conv.forward(
        ops,
        ops.concat(
            List.of(
                ops.subsample(x, 0, 0, 2),
                ops.subsample(x, 1, 0, 2),
                ops.subsample(x, 0, 1, 2),
                ops.subsample(x, 1, 1, 2))));
  }
}
