package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.List;

/**
 * The older cross-stage-partial block: a norm and an activation follow the concatenation of both
 * branches.
 */
record BottleneckCSP(Block cv1, Block cv2, Block cv3, Block cv4, Block bn, Block act, Block m)
    implements Block {
  static final BlockType TYPE =
      new BlockType("BottleneckCSP", BottleneckCSP::declare, BottleneckCSP::read);

  /** {@code BottleneckCSP, [c2, shortcut=True, g=1, e=0.5]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    int hidden = (int) (out * arguments.expansion(3, 0.5));
    ModuleTree tree =
        TorchModules.of("models.common.BottleneckCSP")
            .child("cv1", Conv.declare(in, hidden, 1, 1, arguments.defaultActivation()))
            .child("cv2", TorchModules.pointwise(in, hidden, false))
            .child("cv3", TorchModules.pointwise(hidden, hidden, false))
            .child("cv4", Conv.declare(2 * hidden, out, 1, 1, arguments.defaultActivation()))
            .child("bn", TorchModules.batchNorm2d(2 * hidden))
            .child("act", TorchModules.silu())
            .child(
                "m",
                C3.repeat(
                    arguments, i -> Bottleneck.declareInside(arguments, hidden, shortcut, groups)))
            .build();
    return LayerDeclaration.ofRepeated(arguments, tree, out);
  }

  static BottleneckCSP read(ModuleScope scope) {
    return new BottleneckCSP(
        scope.block("cv1"),
        scope.block("cv2"),
        scope.block("cv3"),
        scope.block("cv4"),
        scope.block("bn"),
        scope.block("act"),
        scope.block("m"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T inner = cv3.forward(ops, m.forward(ops, cv1.forward(ops, x)));
    T joined = ops.concat(List.of(inner, cv2.forward(ops, x)));
    return cv4.forward(ops, act.forward(ops, bn.forward(ops, joined)));
  }
}
