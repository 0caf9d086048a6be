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

/** Concatenates a convolution with a 5 × 5 depthwise convolution of its result. */
record GhostConv(Block cv1, Block cv2) implements Block {
  static final BlockType TYPE = new BlockType("GhostConv", GhostConv::declare, GhostConv::read);

  /** {@code GhostConv, [c2, k=1, s=1, g=1, act=True]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    ModuleTree tree =
        declare(
            in,
            out,
            arguments.integer(1, "kernel", 1, 999, 1),
            arguments.integer(2, "stride", 1, 999, 1),
            arguments.integer(3, "groups", 1, 65_536, 1),
            arguments.activation(4));
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static ModuleTree declare(
      int in, int out, int kernel, int stride, int groups, ModuleTree activation) {
    int half = out / 2;
    return TorchModules.of("models.common.GhostConv")
        .child("cv1", Conv.declare(in, half, Pair.of(kernel), Pair.of(stride), groups, activation))
        .child("cv2", Conv.declare(half, half, Pair.of(5), Pair.of(1), half, activation))
        .build();
  }

  static GhostConv read(ModuleScope scope) {
    return new GhostConv(scope.block("cv1"), scope.block("cv2"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = cv1.forward(ops, x);
    return ops.concat(List.of(y, cv2.forward(ops, y)));
  }
}
