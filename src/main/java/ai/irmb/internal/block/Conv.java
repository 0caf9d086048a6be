package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;

/** Convolution, batch norm, activation; the norm is folded in, here or by who saved the weights. */
record Conv(Conv2dParams params) implements Block {
  static final String CLASS = "models.common.Conv";

  /** {@return padding that keeps the size at stride 1: half of the dilated kernel} */
  static Pair autoPadding(Pair kernel, Pair dilation) {
    return new Pair(
        (dilation.h() * (kernel.h() - 1) + 1) / 2, (dilation.w() * (kernel.w() - 1) + 1) / 2);
  }

  static ModuleTree declare(int in, int out, int kernel, int stride, ModuleTree activation) {
    return declare(in, out, Pair.of(kernel), Pair.of(stride), 1, activation);
  }

  static ModuleTree declare(
      int in, int out, Pair kernel, Pair stride, int groups, ModuleTree activation) {
    Pair padding = autoPadding(kernel, Pair.of(1));
    return declare(
        CLASS,
        out,
        TorchModules.conv2d(in, out, kernel, stride, padding, Pair.of(1), groups, false),
        activation);
  }

  private static ModuleTree declare(
      String className, int out, ModuleTree conv, ModuleTree activation) {
    return TorchModules.of(className)
        .child("conv", conv)
        .child("bn", TorchModules.batchNorm2d(out))
        .child("act", activation)
        .build();
  }

  /** {@code Conv, [c2, k=1, s=1, p=None, g=1, d=1, act=True]}. */
  static LayerDeclaration declare(LayerArguments line) {
    int groups = line.integer(4, "groups", 1, 65_536, 1);
    Pair dilation = line.pair(5, "dilation", 1, Pair.of(1));
    return declare(line, CLASS, groups, dilation, line.activation(6), 3);
  }

  /** {@code DWConv, [c2, k=1, s=1, d=1, act=True]}: as many groups as divide both sides. */
  static LayerDeclaration declareDepthwise(LayerArguments line) {
    int groups = gcd(line.inChannels(), line.scaledChannels(0));
    Pair dilation = line.pair(3, "dilation", 1, Pair.of(1));
    return declare(line, "models.common.DWConv", groups, dilation, line.activation(4), -1);
  }

  private static LayerDeclaration declare(
      LayerArguments line,
      String className,
      int groups,
      Pair dilation,
      ModuleTree activation,
      int paddingAt) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    Pair kernel = line.pair(1, "kernel", 1, Pair.of(1));
    Pair stride = line.pair(2, "stride", 1, Pair.of(1));
    Pair padding = autoPadding(kernel, dilation);
    if (paddingAt > 0) {
      padding = line.pair(paddingAt, "padding", 0, padding);
    }
    ModuleTree conv =
        TorchModules.conv2d(in, out, kernel, stride, padding, dilation, groups, false);
    return new LayerDeclaration(
        declare(className, out, conv, activation), out, Arguments.of(line, in, out), false);
  }

  static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  static Conv read(ModuleScope scope) {
    Activation activation =
        scope.hasChild("act") ? Activations.read(scope.child("act")) : Activation.IDENTITY;
    Conv2dParams conv = scope.child("conv").conv2d(activation);
    if (!scope.hasChild("bn")) {
      return new Conv(conv);
    }
    return new Conv(Folding.of(scope.child("bn")).into(conv, activation));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.conv2d(x, params);
  }
}
