package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/** Splits the channels in two, passes the second half on through blocks and joins every stage. */
record C2f(Block cv1, Block cv2, List<Block> m, int hidden) implements Block {
  C2f {
    m = List.copyOf(m);
  }

  /** {@code C2f_iRMB, [c2, shortcut=False, g=1, e=0.5]}. */
  static LayerDeclaration declare(LayerArguments line) {
    // The C2f_iRMB whose bottlenecks have the iRMB beside adds unless it is told not to.
    boolean shortcut = line.bool(1, "shortcut", IrmbWrappers.isBeside(line, "m.0."));
    int groups = line.integer(2, "groups", 1, 65_536, 1);
    return declare(
        line,
        line.expansion(3, 0.5),
        hidden -> IrmbWrappers.inside(line, hidden, shortcut, groups, 3));
  }

  /** {@return the block around as many modules, each on the hidden channels, as the row says} */
  static LayerDeclaration declare(LayerArguments line, double e, IntFunction<ModuleTree> module) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    int hidden = (int) (out * e);
    List<ModuleTree> inside = Collections.nCopies(line.repeats(), module.apply(hidden));
    ModuleTree tree =
        TorchModules.of("models.common." + line.module())
            .attribute("c", hidden)
            .child("cv1", Conv.declare(in, 2 * hidden, 1, 1, line.defaultActivation()))
            .child(
                "cv2",
                Conv.declare((2 + line.repeats()) * hidden, out, 1, 1, line.defaultActivation()))
            .child("m", TorchModules.moduleList(inside))
            .build();
    return new LayerDeclaration(tree, out, Arguments.repeated(line, in, out), true);
  }

  static C2f read(ModuleScope scope) {
    Conv cv1 = Conv.read(scope.child("cv1"));
    return new C2f(cv1, scope.block("cv2"), scope.blocks("m"), cv1.params().outChannels() / 2);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    List<T> stages = new ArrayList<>(ops.chunk(cv1.forward(ops, x), 2, 2 * hidden));
    for (Block block : m) {
      stages.add(block.forward(ops, stages.get(stages.size() - 1)));
    }
    return cv2.forward(ops, ops.concat(stages));
  }
}
