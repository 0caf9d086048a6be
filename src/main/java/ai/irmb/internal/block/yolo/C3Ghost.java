package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;

/** A C3 of ghost bottlenecks. */
final class C3Ghost {
  static final BlockType TYPE = new BlockType("C3Ghost", C3Ghost::declare, C3::read);

  private C3Ghost() {}

  /** {@code C3Ghost, [c2, shortcut=True, g=1, e=0.5]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    double e = arguments.expansion(3, 0.5);
    int hidden = (int) (arguments.scaledChannels(0) * e);
    ModuleTree activation = arguments.defaultActivation();
    return C3.declare(
        arguments,
        "models.common.C3Ghost",
        e,
        C3.repeat(arguments, i -> GhostBottleneck.declare(hidden, hidden, 3, 1, activation)));
  }
}
