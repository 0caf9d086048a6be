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

/** Moves squares of positions into channels (space to depth). */
record Contract(int gain) implements Block {
  static final BlockType TYPE = new BlockType("Contract", Contract::declare, Contract::read);

  /** {@code Contract, [gain=2]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int gain = arguments.integer(0, "gain", 1, 64, 2);
    ModuleTree tree = TorchModules.of("models.common.Contract").attribute("gain", gain).build();
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels() * gain * gain);
  }

  static Contract read(ModuleScope scope) {
    return new Contract(readGain(scope));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    List<T> slices = new ArrayList<>();
    for (int row = 0; row < gain; row++) {
      for (int column = 0; column < gain; column++) {
        slices.add(ops.subsample(x, row, column, gain));
      }
    }
    return ops.concat(slices);
  }

  static int readGain(ModuleScope scope) {
    int gain = scope.integer("gain", 2);
    if (gain < 1 || gain > 64) {
      throw scope.error("gain: expected an integer from 1 to 64, found " + gain);
    }
    return gain;
  }
}
