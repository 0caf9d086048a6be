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

/** A 1 × k and a k × 1 convolution with a shortcut around them. */
record CrossConv(Block cv1, Block cv2, boolean add) implements Block {
  static final BlockType TYPE = new BlockType("CrossConv", CrossConv::declare, CrossConv::read);

  /** {@code CrossConv, [c2, k=3, s=1, g=1, e=1.0, shortcut=False]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    ModuleTree tree =
        declare(
            in,
            out,
            arguments.integer(1, "kernel", 1, 999, 3),
            arguments.integer(2, "stride", 1, 999, 1),
            arguments.integer(3, "groups", 1, 65_536, 1),
            arguments.expansion(4, 1),
            arguments.bool(5, "shortcut", false),
            arguments.defaultActivation());
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static ModuleTree declare(
      int in,
      int out,
      int kernel,
      int stride,
      int groups,
      double e,
      boolean shortcut,
      ModuleTree activation) {
    int hidden = (int) (out * e);
    return TorchModules.of("models.common.CrossConv")
        .attribute("add", (shortcut && in == out))
        .child(
            "cv1",
            Conv.declare(in, hidden, new Pair(1, kernel), new Pair(1, stride), 1, activation))
        .child(
            "cv2",
            Conv.declare(hidden, out, new Pair(kernel, 1), new Pair(stride, 1), groups, activation))
        .build();
  }

  static CrossConv read(ModuleScope scope) {
    return new CrossConv(scope.block("cv1"), scope.block("cv2"), scope.bool("add", false));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = cv2.forward(ops, cv1.forward(ops, x));
    return add ? ops.add(x, y) : y;
  }
}
