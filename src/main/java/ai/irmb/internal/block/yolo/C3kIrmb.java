package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;

/** A {@link C3Irmb} whose bottlenecks have two 3 × 3 convolutions. */
final class C3kIrmb {
  static final BlockType TYPE =
      new BlockType("C3k_iRMB", arguments -> C3Irmb.declare(arguments, 3), C3::read);

  private C3kIrmb() {}
}
