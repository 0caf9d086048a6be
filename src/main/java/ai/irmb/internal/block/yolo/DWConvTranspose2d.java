package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;

/** A depthwise {@code nn.ConvTranspose2d}. */
final class DWConvTranspose2d {
  static final BlockType TYPE =
      new BlockType("DWConvTranspose2d", DWConvTranspose2d::declare, ConvTranspose2d::read);

  private DWConvTranspose2d() {}

  /** {@code DWConvTranspose2d, [c2, k=1, s=1, p1=0, p2=0]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int groups = Conv.gcd(arguments.inChannels(), arguments.scaledChannels(0));
    return ConvTranspose2d.declare(arguments, "models.common.DWConvTranspose2d", groups, true, 5);
  }
}
