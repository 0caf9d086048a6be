package ai.irmb.block;

import ai.irmb.module.ModuleTree;
import ai.irmb.ops.Pair;
import java.util.List;

/**
 * {@code C3_iRMB}, {@code C2f_iRMB}, {@code Bottleneck_iRMB}: names under which different blocks
 * are in use. The weights' keys tell which; without weights the document's Bottleneck is meant.
 */
final class IrmbWrappers {
  private IrmbWrappers() {}

  /** {@code C3_iRMB, [c2, shortcut=True, g=1, e=0.5]}. */
  static Declared declareC3(LayerLine line) {
    boolean shortcut = line.flag(1, "shortcut", true);
    int groups = line.whole(2, "groups", 1, 65_536, 1);
    double e = line.expansion(3, 0.5);
    int hidden = (int) (line.scaledChannels(0) * e);
    int first = line.module().equals("C3k_iRMB") ? 3 : 1;
    return C3.declare(
        line,
        "models.common." + line.module(),
        e,
        C3.repeat(line, i -> inside(line, hidden, shortcut, groups, first)));
  }

  /** {@return what stands inside of a C3_iRMB or C2f_iRMB on its hidden channels} */
  static ModuleTree inside(
      LayerLine line, int channels, boolean shortcut, int groups, int firstKernel) {
    if (line.hasWeight("m.0.qk.weight") || line.hasWeight("m.0.qk.conv.weight")) {
      return IrmbOptions.DEFAULTS.declare(line, channels, "m.0.");
    }
    if (line.hasWeight("m.0.cv2.qk.conv.weight")
        || line.hasWeight("m.0.cv2.qk.weight")
        || line.hasWeight("m.0.cv3.qk.conv.weight")
        || line.hasWeight("m.0.cv3.qk.weight")) {
      return bottleneck(line, channels, channels, channels, shortcut, groups, "m.0.");
    }
    return Bottleneck.declareIrmb(
        line, channels, channels, shortcut, groups, List.of(Pair.of(firstKernel), Pair.of(3)), 1);
  }

  /** {@code Bottleneck_iRMB, [c2, shortcut=True, g=1, k=(3, 3), e=0.5]}. */
  static Declared declareBottleneck(LayerLine line) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    boolean shortcut = line.flag(1, "shortcut", true);
    int groups = line.whole(2, "groups", 1, 65_536, 1);
    double e = line.expansion(4, 0.5);
    String below = line.repeats() > 1 ? "0." : "";
    ModuleTree tree = bottleneck(line, in, out, (int) (out * e), shortcut, groups, below);
    return new Declared(tree, out, Arguments.of(line, in, out), false);
  }

  private static ModuleTree bottleneck(
      LayerLine line, int in, int out, int hidden, boolean shortcut, int groups, String below) {
    boolean beside =
        line.hasWeight(below + "cv3.qk.conv.weight") || line.hasWeight(below + "cv3.qk.weight");
    Modules.Builder module =
        Modules.of("models.common.Bottleneck_iRMB")
            .set("add", (Object) (shortcut && in == out))
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
        .child("cv3", IrmbOptions.DEFAULTS.declare(line, hidden, out, below + "cv3."))
        .build();
  }
}
