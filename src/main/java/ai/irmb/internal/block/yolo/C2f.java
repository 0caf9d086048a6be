package ai.irmb.internal.block.yolo;

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

/**
 * YOLOv8's cross-stage-partial block: blocks process the second half of the channels one after the
 * other, and all intermediate results are concatenated.
 */
record C2f(Block cv1, Block cv2, List<Block> m, int hidden) implements Block {
  C2f {
    m = List.copyOf(m);
  }

  /** {@return the declaration with one module per repeat, on the hidden channels} */
  static LayerDeclaration declare(
      LayerArguments arguments, double e, IntFunction<ModuleTree> module) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    int hidden = (int) (out * e);
    List<ModuleTree> inside = Collections.nCopies(arguments.repeats(), module.apply(hidden));
    ModuleTree tree =
        TorchModules.of("models.common." + arguments.module())
            .attribute("c", hidden)
            .child("cv1", Conv.declare(in, 2 * hidden, 1, 1, arguments.defaultActivation()))
            .child(
                "cv2",
                Conv.declare(
                    (2 + arguments.repeats()) * hidden, out, 1, 1, arguments.defaultActivation()))
            .child("m", TorchModules.moduleList(inside))
            .build();
    return LayerDeclaration.ofRepeated(arguments, tree, out);
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
