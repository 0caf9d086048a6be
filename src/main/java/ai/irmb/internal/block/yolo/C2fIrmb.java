package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;

/** {@code C2f_iRMB}: a C2f of bottlenecks with an iRMB. */
final class C2fIrmb {
  static final BlockType TYPE = new BlockType("C2f_iRMB", C2fIrmb::declare, C2f::read);

  private C2fIrmb() {}

  /** {@code C2f_iRMB, [c2, shortcut=False, g=1, e=0.5]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    // Implementations whose bottlenecks have an inner residual iRMB default to a shortcut.
    boolean shortcut =
        arguments.bool(1, "shortcut", IrmbVariants.hasResidualIrmb(arguments, "m.0."));
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    return C2f.declare(
        arguments,
        arguments.expansion(3, 0.5),
        hidden -> IrmbVariants.inside(arguments, hidden, shortcut, groups, 3));
  }
}
