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

/** {@link SPP} with fewer operations: one small max-pooling applied three times in a row. */
record SPPF(Block cv1, Block cv2, Block m) implements Block {
  static final BlockType TYPE = new BlockType("SPPF", SPPF::declare, SPPF::read);

  /** {@code SPPF, [c2, k=5]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    int kernel = arguments.integer(1, "kernel", 1, 999, 5);
    int hidden = in / 2;
    ModuleTree tree =
        TorchModules.of("models.common.SPPF")
            .child("cv1", Conv.declare(in, hidden, 1, 1, arguments.defaultActivation()))
            .child("cv2", Conv.declare(hidden * 4, out, 1, 1, arguments.defaultActivation()))
            .child("m", TorchModules.maxPool2d(kernel, 1, kernel / 2, false))
            .build();
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static SPPF read(ModuleScope scope) {
    return new SPPF(scope.block("cv1"), scope.block("cv2"), scope.block("m"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T a = cv1.forward(ops, x);
    T b = m.forward(ops, a);
    T c = m.forward(ops, b);
    return cv2.forward(ops, ops.concat(List.of(a, b, c, m.forward(ops, c))));
  }
}
