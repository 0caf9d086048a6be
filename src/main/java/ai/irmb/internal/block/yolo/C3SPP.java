package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;

/** A C3 with an SPP inside. */
final class C3SPP {
  static final BlockType TYPE = new BlockType("C3SPP", C3SPP::declare, C3::read);

  private C3SPP() {}

  /**
   * {@code C3SPP, [c2, k=(5, 9, 13), n, shortcut, g, e=0.5]}; {@code nn.Sequential} repeats the
   * block.
   */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    double e = arguments.expansion(5, 0.5);
    int hidden = (int) (out * e);
    return LayerDeclaration.ofChannels(
        arguments,
        C3.declare(
            "models.common.C3SPP",
            in,
            out,
            e,
            SPP.declare(arguments, hidden, hidden, SPP.kernels(arguments, 1)),
            arguments.defaultActivation()),
        out);
  }
}
