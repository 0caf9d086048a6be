package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/** Moves channels into squares of positions (depth to space). */
record Expand(int gain) implements Block {
  static final BlockType TYPE = new BlockType("Expand", Expand::declare, Expand::read);

  /** {@code Expand, [gain=2]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int gain = arguments.integer(0, "gain", 1, 64, 2);
    if (arguments.inChannels() % (gain * gain) != 0) {
      throw arguments.error(
          arguments.inChannels() + " channels are not a multiple of " + gain * gain);
    }
    ModuleTree tree = TorchModules.of("models.common.Expand").attribute("gain", gain).build();
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels() / (gain * gain));
  }

  static Expand read(ModuleScope scope) {
    return new Expand(Contract.readGain(scope));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.depthToSpace(x, gain);
  }
}
