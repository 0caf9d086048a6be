package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two convolutions with a shortcut around them, in all the forms that carry an iRMB: none of it;
 * the document's, with an iRMB behind; {@code Bottleneck_iRMB} whose second convolution is an iRMB;
 * and the one with an iRMB as a residual between the two convolutions.
 *
 * @param behind an iRMB after the convolutions, or null
 * @param beside an iRMB whose output is added to what the second convolution gets, or null
 * @param add whether the input is added
 */
record Bottleneck(Block cv1, Block cv2, @Nullable Block behind, @Nullable Block beside, boolean add)
    implements Block {
  static final BlockType TYPE = new BlockType("Bottleneck", Bottleneck::declare, Bottleneck::read);

  static final String CLASS = "models.common.Bottleneck";

  /** {@return upstream's: 1 × 1, then 3 × 3} */
  static ModuleTree declareStandard(
      int in, int out, boolean shortcut, int groups, double e, ModuleTree activation) {
    int hidden = (int) (out * e);
    return TorchModules.of(CLASS)
        .attribute("add", (shortcut && in == out))
        .child("cv1", Conv.declare(in, hidden, 1, 1, activation))
        .child("cv2", Conv.declare(hidden, out, Pair.of(3), Pair.of(1), groups, activation))
        .build();
  }

  /** {@return the document's: two convolutions and an iRMB} */
  static ModuleTree declareIrmb(
      LayerArguments arguments,
      int in,
      int out,
      boolean shortcut,
      int groups,
      List<Pair> kernels,
      double e) {
    int hidden = (int) (out * e);
    return TorchModules.of(CLASS)
        .attribute("add", (shortcut && in == out))
        .child(
            "cv1",
            Conv.declare(in, hidden, kernels.get(0), Pair.of(1), 1, arguments.defaultActivation()))
        .child(
            "cv2",
            Conv.declare(
                hidden, out, kernels.get(1), Pair.of(1), groups, arguments.defaultActivation()))
        .child("iRMB", IrmbOptions.DEFAULTS.declare(arguments, out))
        .build();
  }

  /** {@return the network's own kind, as a C3 has it inside: at full width} */
  static ModuleTree declareInside(
      LayerArguments arguments, int channels, boolean shortcut, int groups) {
    return arguments.hasIrmbBottlenecks()
        ? declareIrmb(
            arguments, channels, channels, shortcut, groups, List.of(Pair.of(3), Pair.of(3)), 1)
        : declareStandard(channels, channels, shortcut, groups, 1, arguments.defaultActivation());
  }

  /**
   * {@code Bottleneck, [c2, shortcut=True, g=1, e=0.5]}; the document's has {@code k=(3, 3)} before
   * {@code e}.
   */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    ModuleTree tree;
    if (arguments.hasIrmbBottlenecks()) {
      List<Pair> kernels =
          arguments.isGiven(3)
              ? arguments.pairs(3, "kernels", 1, 2)
              : List.of(Pair.of(3), Pair.of(3));
      tree =
          declareIrmb(arguments, in, out, shortcut, groups, kernels, arguments.expansion(4, 0.5));
    } else {
      double e = arguments.expansion(3, 0.5);
      tree = declareStandard(in, out, shortcut, groups, e, arguments.defaultActivation());
    }
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static Bottleneck read(ModuleScope scope) {
    return new Bottleneck(
        scope.block("cv1"),
        scope.block("cv2"),
        scope.hasChild("iRMB") ? scope.block("iRMB") : null,
        scope.hasChild("cv3") ? scope.block("cv3") : null,
        scope.bool("add", false));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T first = cv1.forward(ops, x);
    if (beside != null) {
      first = ops.add(first, beside.forward(ops, first));
    }
    T y = cv2.forward(ops, first);
    if (behind != null) {
      y = behind.forward(ops, y);
    }
    return add ? ops.add(x, y) : y;
  }
}
