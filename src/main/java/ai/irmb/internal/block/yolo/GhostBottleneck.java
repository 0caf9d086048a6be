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

/**
 * Two ghost convolutions with a shortcut; at stride 2, both branches have a depthwise convolution.
 */
record GhostBottleneck(Block conv, Block shortcut) implements Block {
  static final BlockType TYPE =
      new BlockType("GhostBottleneck", GhostBottleneck::declare, GhostBottleneck::read);

  /** {@code GhostBottleneck, [c2, k=3, s=1]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    int stride = arguments.integer(2, "stride", 1, 999, 1);
    if (stride != 2 && in != out) {
      throw arguments.error(
          "at stride "
              + stride
              + " input and output channels must be equal, not "
              + in
              + " and "
              + out);
    }
    int kernel = arguments.integer(1, "kernel", 1, 999, 3);
    ModuleTree tree = declare(in, out, kernel, stride, arguments.defaultActivation());
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static ModuleTree declare(int in, int out, int kernel, int stride, ModuleTree activation) {
    int hidden = out / 2;
    ModuleTree none = TorchModules.identity();
    ModuleTree shrink = stride == 2 ? depthwise(hidden, kernel, stride) : none;
    ModuleTree shortcut =
        stride == 2
            ? TorchModules.sequential(
                List.of(depthwise(in, kernel, stride), Conv.declare(in, out, 1, 1, none)))
            : none;
    return TorchModules.of("models.common.GhostBottleneck")
        .child(
            "conv",
            TorchModules.sequential(
                List.of(
                    GhostConv.declare(in, hidden, 1, 1, 1, activation),
                    shrink,
                    GhostConv.declare(hidden, out, 1, 1, 1, none))))
        .child("shortcut", shortcut)
        .build();
  }

  private static ModuleTree depthwise(int channels, int kernel, int stride) {
    return Conv.declare(
        channels, channels, Pair.of(kernel), Pair.of(stride), channels, TorchModules.identity());
  }

  static GhostBottleneck read(ModuleScope scope) {
    return new GhostBottleneck(scope.block("conv"), scope.block("shortcut"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.add(conv.forward(ops, x), shortcut.forward(ops, x));
  }
}
