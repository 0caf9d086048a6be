package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;

/**
 * {@code Bottleneck_iRMB}: a bottleneck whose second convolution is an iRMB, or one with a residual
 * iRMB.
 */
final class BottleneckIrmb {
  static final BlockType TYPE =
      new BlockType("Bottleneck_iRMB", BottleneckIrmb::declare, Bottleneck::read);

  private BottleneckIrmb() {}

  /** {@code Bottleneck_iRMB, [c2, shortcut=True, g=1, k=(3, 3), e=0.5]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    double e = arguments.expansion(4, 0.5);
    String prefix = arguments.repeats() > 1 ? "0." : "";
    ModuleTree tree = IrmbVariants.bottleneck(arguments, in, out, shortcut, groups, e, prefix);
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }
}
