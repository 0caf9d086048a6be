package ai.irmb.internal.block;

import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Pair;
import java.util.List;

/**
 * {@code C3_iRMB}, {@code C2f_iRMB}, {@code Bottleneck_iRMB}: names under which different blocks
 * are in use. The weights' keys tell which; without weights the document's Bottleneck is meant.
 */
final class IrmbWrappers {
  private IrmbWrappers() {}

  /** {@code C3_iRMB, [c2, shortcut=True, g=1, e=0.5]}. */
  static LayerDeclaration declareC3(LayerArguments line) {
    boolean shortcut = line.bool(1, "shortcut", true);
    int groups = line.integer(2, "groups", 1, 65_536, 1);
    double e = line.expansion(3, 0.5);
    int hidden = (int) (line.scaledChannels(0) * e);
    int first = line.module().equals("C3k_iRMB") ? 3 : 1;
    return C3.declare(
        line,
        "models.common." + line.module(),
        e,
        C3.repeat(line, i -> inside(line, hidden, shortcut, groups, first)));
  }

  /**
   * {@code C3k2_iRMB, [c2, c3k=False, e=0.5, g=1, shortcut=True]}: a C2f, of C3k if told so;
   * weights tell it themselves.
   */
  static LayerDeclaration declareC3k2(LayerArguments line) {
    boolean shortcut = line.bool(4, "shortcut", true);
    int groups = line.integer(3, "groups", 1, 65_536, 1);
    boolean ofC3k =
        line.hasWeight("cv1.conv.weight")
            ? line.hasWeight("m.0.cv3.conv.weight")
            : line.bool(1, "c3k", false);
    return C2f.declare(
        line,
        line.expansion(2, 0.5),
        hidden ->
            ofC3k
                ? c3k(line, hidden, shortcut, groups)
                : inside(line, hidden, shortcut, groups, 3));
  }

  /** {@code C3k}: a C3 of two of the document's bottlenecks. */
  private static ModuleTree c3k(LayerArguments line, int channels, boolean shortcut, int groups) {
    List<Pair> kernels = List.of(Pair.of(3), Pair.of(3));
    ModuleTree bottleneck =
        Bottleneck.declareIrmb(line, channels / 2, channels / 2, shortcut, groups, kernels, 1);
    return C3.declare(
        "models.common.C3k",
        channels,
        channels,
        0.5,
        TorchModules.sequential(List.of(bottleneck, bottleneck)),
        line.defaultActivation());
  }

  /** {@return what stands inside of a C3_iRMB or C2f_iRMB on its hidden channels} */
  static ModuleTree inside(
      LayerArguments line, int channels, boolean shortcut, int groups, int firstKernel) {
    if (line.hasWeight("m.0.qk.weight") || line.hasWeight("m.0.qk.conv.weight")) {
      return IrmbOptions.DEFAULTS.declare(line, channels, "m.0.");
    }
    if (line.hasWeight("m.0.cv2.qk.conv.weight")
        || line.hasWeight("m.0.cv2.qk.weight")
        || isBeside(line, "m.0.")) {
      return bottleneck(line, channels, channels, shortcut, groups, 0, "m.0.");
    }
    return Bottleneck.declareIrmb(
        line, channels, channels, shortcut, groups, List.of(Pair.of(firstKernel), Pair.of(3)), 1);
  }

  /** {@code Bottleneck_iRMB, [c2, shortcut=True, g=1, k=(3, 3), e=0.5]}. */
  static LayerDeclaration declareBottleneck(LayerArguments line) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    boolean shortcut = line.bool(1, "shortcut", true);
    int groups = line.integer(2, "groups", 1, 65_536, 1);
    double e = line.expansion(4, 0.5);
    String below = line.repeats() > 1 ? "0." : "";
    ModuleTree tree = bottleneck(line, in, out, shortcut, groups, e, below);
    return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
  }

  /** {@return whether the bottleneck has an iRMB as a residual between its two convolutions} */
  static boolean isBeside(LayerArguments line, String below) {
    return line.hasWeight(below + "cv3.qk.conv.weight") || line.hasWeight(below + "cv3.qk.weight");
  }

  /**
   * {@return a Bottleneck_iRMB with the iRMB in place of the second convolution, or beside it}
   *
   * @param e expansion, or 0 for what a C3 or C2f gives it: none, or the constructor's half
   */
  private static ModuleTree bottleneck(
      LayerArguments line, int in, int out, boolean shortcut, int groups, double e, String below) {
    boolean beside = isBeside(line, below);
    int hidden = (int) (out * (e > 0 ? e : beside ? 0.5 : 1));
    TorchModules.Builder module =
        TorchModules.of("models.common.Bottleneck_iRMB")
            .attribute("add", (Object) (shortcut && in == out))
            .child("cv1", Conv.declare(in, hidden, 3, 1, line.defaultActivation()));
    if (!beside) {
      return module
          .child("cv2", IrmbOptions.DEFAULTS.declare(line, hidden, out, below + "cv2."))
          .build();
    }
    return module
        .child(
            "cv2",
            Conv.declare(hidden, out, Pair.of(3), Pair.of(1), groups, line.defaultActivation()))
        .child("cv3", IrmbOptions.DEFAULTS.declare(line, hidden, below + "cv3."))
        .build();
  }
}
