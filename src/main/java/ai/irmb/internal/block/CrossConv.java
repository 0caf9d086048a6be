package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;

/** A row convolution and a column convolution, with a shortcut around them. */
record CrossConv(Block cv1, Block cv2, boolean add) implements Block {

  /** {@code CrossConv, [c2, k=3, s=1, g=1, e=1.0, shortcut=False]}. */
  static LayerDeclaration declare(LayerArguments line) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    ModuleTree tree =
        declare(
            in,
            out,
            line.integer(1, "kernel", 1, 999, 3),
            line.integer(2, "stride", 1, 999, 1),
            line.integer(3, "groups", 1, 65_536, 1),
            line.expansion(4, 1),
            line.bool(5, "shortcut", false),
            line.defaultActivation());
    return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
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
        .attribute("add", (Object) (shortcut && in == out))
        .child(
            "cv1",
            Conv.declare(in, hidden, new Pair(1, kernel), new Pair(1, stride), 1, activation))
        .child(
            "cv2",
            Conv.declare(hidden, out, new Pair(kernel, 1), new Pair(stride, 1), groups, activation))
        .build();
  }

  /** {@code C3x}: a C3 of these. */
  static LayerDeclaration declareC3x(LayerArguments line) {
    boolean shortcut = line.bool(1, "shortcut", true);
    int groups = line.integer(2, "groups", 1, 65_536, 1);
    double e = line.expansion(3, 0.5);
    int hidden = (int) (line.scaledChannels(0) * e);
    ModuleTree activation = line.defaultActivation();
    return C3.declare(
        line,
        "models.common.C3x",
        e,
        C3.repeat(line, i -> declare(hidden, hidden, 3, 1, groups, 1, shortcut, activation)));
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
