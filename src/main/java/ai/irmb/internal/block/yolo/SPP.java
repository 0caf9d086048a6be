package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * Spatial pyramid pooling: a feature map concatenated with its max-pooled versions, between two
 * convolutions.
 */
record SPP(Block cv1, Block cv2, List<Block> pools) implements Block {
  static final BlockType TYPE = new BlockType("SPP", SPP::declare, SPP::read);

  SPP {
    pools = List.copyOf(pools);
  }

  /** {@code SPP, [c2, k=(5, 9, 13)]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    ModuleTree tree = declare(arguments, in, out, kernels(arguments, 1));
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static List<Integer> kernels(LayerArguments arguments, int index) {
    return arguments.isGiven(index) ? arguments.integers(index, "kernels", 1) : List.of(5, 9, 13);
  }

  static ModuleTree declare(LayerArguments arguments, int in, int out, List<Integer> kernels) {
    int hidden = in / 2;
    List<ModuleTree> pools = new ArrayList<>();
    kernels.forEach(k -> pools.add(TorchModules.maxPool2d(k, 1, k / 2, false)));
    return TorchModules.of("models.common.SPP")
        .child("cv1", Conv.declare(in, hidden, 1, 1, arguments.defaultActivation()))
        .child(
            "cv2",
            Conv.declare(hidden * (kernels.size() + 1), out, 1, 1, arguments.defaultActivation()))
        .child("m", TorchModules.moduleList(pools))
        .build();
  }

  static SPP read(ModuleScope scope) {
    return new SPP(scope.block("cv1"), scope.block("cv2"), scope.blocks("m"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = cv1.forward(ops, x);
    List<T> maps = new ArrayList<>(List.of(y));
    pools.forEach(pool -> maps.add(pool.forward(ops, y)));
    return cv2.forward(ops, ops.concat(maps));
  }
}
