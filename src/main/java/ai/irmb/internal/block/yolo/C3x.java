package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;

/** A C3 of {@link CrossConv}s. */
final class C3x {
  static final BlockType TYPE = new BlockType("C3x", C3x::declare, C3::read);

  private C3x() {}

  /** {@code C3x, [c2, shortcut=True, g=1, e=0.5]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    double e = arguments.expansion(3, 0.5);
    int hidden = (int) (arguments.scaledChannels(0) * e);
    ModuleTree activation = arguments.defaultActivation();
    return C3.declare(
        arguments,
        "models.common.C3x",
        e,
        C3.repeat(
            arguments,
            i -> CrossConv.declare(hidden, hidden, 3, 1, groups, 1, shortcut, activation)));
  }
}
