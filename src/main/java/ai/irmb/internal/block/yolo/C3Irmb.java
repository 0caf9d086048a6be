package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;

/** {@code C3_iRMB}: a C3 of bottlenecks with an iRMB. */
final class C3Irmb {
  static final BlockType TYPE =
      new BlockType("C3_iRMB", arguments -> declare(arguments, 1), C3::read);

  private C3Irmb() {}

  /**
   * {@code C3_iRMB, [c2, shortcut=True, g=1, e=0.5]}.
   *
   * @param firstKernel kernel size of the first convolution of a bottleneck
   */
  static LayerDeclaration declare(LayerArguments arguments, int firstKernel) {
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    double e = arguments.expansion(3, 0.5);
    int hidden = (int) (arguments.scaledChannels(0) * e);
    return C3.declare(
        arguments,
        "models.common." + arguments.module(),
        e,
        C3.repeat(
            arguments, i -> IrmbVariants.inside(arguments, hidden, shortcut, groups, firstKernel)));
  }
}
