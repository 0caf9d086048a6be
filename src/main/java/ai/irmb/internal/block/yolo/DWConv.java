package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.ops.Pair;

/** A depthwise {@link Conv}. */
final class DWConv {
  static final BlockType TYPE = new BlockType("DWConv", DWConv::declare, Conv::read);

  private DWConv() {}

  /**
   * {@code DWConv, [c2, k=1, s=1, d=1, act=True]}: the number of groups is the greatest common
   * divisor of input and output channels.
   */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int groups = Conv.gcd(arguments.inChannels(), arguments.scaledChannels(0));
    Pair dilation = arguments.pair(3, "dilation", 1, Pair.of(1));
    return Conv.declare(
        arguments, "models.common.DWConv", groups, dilation, arguments.activation(4), -1);
  }
}
