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
 * Two convolutions with a shortcut around them. There are four variants: YOLOv5's, without an iRMB;
 * with an iRMB after the convolutions; {@code Bottleneck_iRMB}, whose second convolution is an
 * iRMB; and one with an iRMB as a residual branch between the convolutions.
 *
 * @param outputIrmb an iRMB after the convolutions, or null
 * @param residualIrmb an iRMB whose output is added to the second convolution's input, or null
 * @param add whether the input is added
 */
record Bottleneck(
    Block cv1, Block cv2, @Nullable Block outputIrmb, @Nullable Block residualIrmb, boolean add)
    implements Block {
  static final BlockType TYPE = new BlockType("Bottleneck", Bottleneck::declare, Bottleneck::read);

  static final String CLASS = "models.common.Bottleneck";

  /** {@return YOLOv5's Bottleneck: a 1 × 1 and a 3 × 3 convolution} */
  static ModuleTree declareStandard(
      int in, int out, boolean shortcut, int groups, double e, ModuleTree activation) {
    int hidden = (int) (out * e);
    return TorchModules.of(CLASS)
        .attribute("add", (shortcut && in == out))
        .child("cv1", Conv.declare(in, hidden, 1, 1, activation))
        .child("cv2", Conv.declare(hidden, out, Pair.of(3), Pair.of(1), groups, activation))
        .build();
  }

  /** {@return the Bottleneck with an iRMB inside: two convolutions and an iRMB} */
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

  /** {@return the network's kind of Bottleneck for the inside of a C3, with expansion 1} */
  static ModuleTree declareInside(
      LayerArguments arguments, int channels, boolean shortcut, int groups) {
    return arguments.hasIrmbBottlenecks()
        ? declareIrmb(
            arguments, channels, channels, shortcut, groups, List.of(Pair.of(3), Pair.of(3)), 1)
        : declareStandard(channels, channels, shortcut, groups, 1, arguments.defaultActivation());
  }

  /**
   * {@code Bottleneck, [c2, shortcut=True, g=1, e=0.5]}; with an iRMB inside, {@code k=(3, 3)}
   * precedes {@code e}.
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
    if (residualIrmb != null) {
      first = ops.add(first, residualIrmb.forward(ops, first));
    }
    T y = cv2.forward(ops, first);
    if (outputIrmb != null) {
      y = outputIrmb.forward(ops, y);
    }
    return add ? ops.add(x, y) : y;
  }
}
