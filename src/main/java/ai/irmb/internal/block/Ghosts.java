package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import java.util.List;

/** Blocks of GhostNet: half of the channels are made from the other half by a cheap convolution. */
final class Ghosts {
  private Ghosts() {}

  /** A convolution, and a 5 × 5 depthwise one of its result beside it. */
  record GhostConv(Block cv1, Block cv2) implements Block {
    /** {@code GhostConv, [c2, k=1, s=1, g=1, act=True]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      ModuleTree tree =
          declare(
              in,
              out,
              line.integer(1, "kernel", 1, 999, 1),
              line.integer(2, "stride", 1, 999, 1),
              line.integer(3, "groups", 1, 65_536, 1),
              line.activation(4));
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static ModuleTree declare(
        int in, int out, int kernel, int stride, int groups, ModuleTree activation) {
      int half = out / 2;
      return TorchModules.of("models.common.GhostConv")
          .child(
              "cv1", Conv.declare(in, half, Pair.of(kernel), Pair.of(stride), groups, activation))
          .child("cv2", Conv.declare(half, half, Pair.of(5), Pair.of(1), half, activation))
          .build();
    }

    static GhostConv read(ModuleScope scope) {
      return new GhostConv(scope.block("cv1"), scope.block("cv2"));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      T y = cv1.forward(ops, x);
      return ops.concat(List.of(y, cv2.forward(ops, y)));
    }
  }

  /** Two ghost convolutions and a shortcut, with a depthwise convolution in both at stride 2. */
  record GhostBottleneck(Block conv, Block shortcut) implements Block {
    /** {@code GhostBottleneck, [c2, k=3, s=1]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      int stride = line.integer(2, "stride", 1, 999, 1);
      if (stride != 2 && in != out) {
        throw line.error(
            "at stride " + stride + " the channels have to stay, but " + in + " become " + out);
      }
      int kernel = line.integer(1, "kernel", 1, 999, 3);
      ModuleTree tree = declare(in, out, kernel, stride, line.defaultActivation());
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static ModuleTree declare(int in, int out, int kernel, int stride, ModuleTree activation) {
      int hidden = out / 2;
      ModuleTree none = TorchModules.identity();
      ModuleTree shrink = stride == 2 ? depthwise(hidden, kernel, stride) : none;
      ModuleTree shortcut =
          stride == 2
              ? TorchModules.sequential(
                  List.of(depthwise(in, kernel, stride), Conv.declare(in, out, 1, 1, none)))
              : none;
      return TorchModules.of("models.common.GhostBottleneck")
          .child(
              "conv",
              TorchModules.sequential(
                  List.of(
                      GhostConv.declare(in, hidden, 1, 1, 1, activation),
                      shrink,
                      GhostConv.declare(hidden, out, 1, 1, 1, none))))
          .child("shortcut", shortcut)
          .build();
    }

    private static ModuleTree depthwise(int channels, int kernel, int stride) {
      return Conv.declare(
          channels, channels, Pair.of(kernel), Pair.of(stride), channels, TorchModules.identity());
    }

    /** {@code C3Ghost}: a C3 of these. */
    static LayerDeclaration declareC3(LayerArguments line) {
      double e = line.expansion(3, 0.5);
      int hidden = (int) (line.scaledChannels(0) * e);
      ModuleTree activation = line.defaultActivation();
      return C3.declare(
          line,
          "models.common.C3Ghost",
          e,
          C3.repeat(line, i -> declare(hidden, hidden, 3, 1, activation)));
    }

    static GhostBottleneck read(ModuleScope scope) {
      return new GhostBottleneck(scope.block("conv"), scope.block("shortcut"));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.add(conv.forward(ops, x), shortcut.forward(ops, x));
    }
  }
}
