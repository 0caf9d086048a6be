package ai.irmb.internal.block.yolo;

import ai.irmb.block.LayerArguments;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Pair;
import java.util.List;

/**
 * The bottlenecks with an iRMB that {@code C3_iRMB}, {@code C2f_iRMB} and {@code Bottleneck_iRMB}
 * contain. Different implementations share these names: the keys of the weights decide between
 * them. Without weights it is the {@code Bottleneck} with an iRMB after its convolutions.
 */
final class IrmbVariants {
  private IrmbVariants() {}

  /** {@return the repeated module of a C3_iRMB or C2f_iRMB} */
  static ModuleTree inside(
      LayerArguments arguments, int channels, boolean shortcut, int groups, int firstKernel) {
    if (arguments.hasWeight("m.0.qk.weight") || arguments.hasWeight("m.0.qk.conv.weight")) {
      return IrmbOptions.DEFAULTS.declare(arguments, channels, "m.0.");
    }
    if (arguments.hasWeight("m.0.cv2.qk.conv.weight")
        || arguments.hasWeight("m.0.cv2.qk.weight")
        || hasResidualIrmb(arguments, "m.0.")) {
      return bottleneck(arguments, channels, channels, shortcut, groups, 0, "m.0.");
    }
    return Bottleneck.declareIrmb(
        arguments,
        channels,
        channels,
        shortcut,
        groups,
        List.of(Pair.of(firstKernel), Pair.of(3)),
        1);
  }

  /** {@return whether the bottleneck has an iRMB as residual between its two convolutions} */
  static boolean hasResidualIrmb(LayerArguments arguments, String prefix) {
    return arguments.hasWeight(prefix + "cv3.qk.conv.weight")
        || arguments.hasWeight(prefix + "cv3.qk.weight");
  }

  /**
   * {@return a Bottleneck_iRMB whose second convolution is an iRMB, or one with a residual iRMB
   * before the second convolution}
   *
   * @param e expansion, or 0 for a bottleneck inside a C3 or C2f: 0.5 with a residual iRMB, else 1
   */
  static ModuleTree bottleneck(
      LayerArguments arguments,
      int in,
      int out,
      boolean shortcut,
      int groups,
      double e,
      String prefix) {
    boolean isResidual = hasResidualIrmb(arguments, prefix);
    int hidden = (int) (out * (e > 0 ? e : isResidual ? 0.5 : 1));
    TorchModules.Builder module =
        TorchModules.of("models.common.Bottleneck_iRMB")
            .attribute("add", (shortcut && in == out))
            .child("cv1", Conv.declare(in, hidden, 3, 1, arguments.defaultActivation()));
    if (!isResidual) {
      return module
          .child("cv2", IrmbOptions.DEFAULTS.declare(arguments, hidden, out, prefix + "cv2."))
          .build();
    }
    return module
        .child(
            "cv2",
            Conv.declare(
                hidden, out, Pair.of(3), Pair.of(1), groups, arguments.defaultActivation()))
        .child("cv3", IrmbOptions.DEFAULTS.declare(arguments, hidden, prefix + "cv3."))
        .build();
  }
}
