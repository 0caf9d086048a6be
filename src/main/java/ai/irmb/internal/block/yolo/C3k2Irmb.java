package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Pair;
import java.util.List;

/** {@code C3k2_iRMB}: a C2f of C3k blocks or of bottlenecks with an iRMB. */
final class C3k2Irmb {
  static final BlockType TYPE = new BlockType("C3k2_iRMB", C3k2Irmb::declare, C2f::read);

  private C3k2Irmb() {}

  /**
   * {@code C3k2_iRMB, [c2, c3k=False, e=0.5, g=1, shortcut=True]}; with weights, their keys decide
   * {@code c3k}.
   */
  private static LayerDeclaration declare(LayerArguments arguments) {
    boolean shortcut = arguments.bool(4, "shortcut", true);
    int groups = arguments.integer(3, "groups", 1, 65_536, 1);
    boolean hasC3k =
        arguments.hasWeight("cv1.conv.weight")
            ? arguments.hasWeight("m.0.cv3.conv.weight")
            : arguments.bool(1, "c3k", false);
    return C2f.declare(
        arguments,
        arguments.expansion(2, 0.5),
        hidden ->
            hasC3k
                ? c3k(arguments, hidden, shortcut, groups)
                : IrmbVariants.inside(arguments, hidden, shortcut, groups, 3));
  }

  /** {@code C3k}: a C3 of two bottlenecks with an iRMB inside. */
  private static ModuleTree c3k(
      LayerArguments arguments, int channels, boolean shortcut, int groups) {
    List<Pair> kernels = List.of(Pair.of(3), Pair.of(3));
    ModuleTree bottleneck =
        Bottleneck.declareIrmb(arguments, channels / 2, channels / 2, shortcut, groups, kernels, 1);
    return C3.declare(
        "models.common.C3k",
        channels,
        channels,
        0.5,
        TorchModules.sequential(List.of(bottleneck, bottleneck)),
        arguments.defaultActivation());
  }
}
