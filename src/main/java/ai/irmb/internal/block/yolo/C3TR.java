package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;

/** A C3 with a transformer block inside. */
final class C3TR {
  static final BlockType TYPE = new BlockType("C3TR", C3TR::declare, C3::read);

  private static final int HEADS = 4;

  private C3TR() {}

  /** {@code C3TR, [c2, shortcut=True, g=1, e=0.5]}; the repeats are transformer layers. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    double e = arguments.expansion(3, 0.5);
    int hidden = (int) (arguments.scaledChannels(0) * e);
    return C3.declare(
        arguments,
        "models.common.C3TR",
        e,
        TransformerBlock.declare(arguments, hidden, hidden, HEADS, arguments.repeats()));
  }
}
