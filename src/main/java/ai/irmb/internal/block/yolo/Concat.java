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

/** Concatenates feature maps along an axis. */
record Concat(int axis) implements Block {
  static final BlockType TYPE = new BlockType("Concat", Concat::declare, Concat::read);

  /** {@code Concat, [dimension=1]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    if (arguments.integer(0, "dimension", -4, 3, 1) != 1) {
      throw arguments.argumentError(0, "dimension", "1, the channels");
    }
    int out = arguments.inputChannels().stream().mapToInt(Integer::intValue).sum();
    ModuleTree tree = TorchModules.of("models.common.Concat").attribute("d", 1).build();
    return LayerDeclaration.ofLayer(arguments, tree, out);
  }

  static Concat read(ModuleScope scope) {
    int axis = scope.integer("d", 1);
    if (axis < 0 || axis > 3) {
      throw scope.error("d: expected an axis from 0 to 3, found " + axis);
    }
    return new Concat(axis);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return x;
  }

  @Override
  public <T> T forward(Ops<T> ops, List<T> inputs) {
    return inputs.size() == 1 ? inputs.get(0) : ops.concat(inputs, axis);
  }
}
