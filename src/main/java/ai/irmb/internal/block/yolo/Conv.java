package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;

/**
 * Convolution, batch norm and activation. The norm is folded into the convolution, unless the
 * checkpoint has it folded already.
 */
record Conv(Conv2dParams params) implements Block {
  static final BlockType TYPE = new BlockType("Conv", Conv::declare, Conv::read);

  static final String CLASS = "models.common.Conv";

  /** {@return the padding that keeps the size at stride 1: half of the dilated kernel} */
  static Pair autoPadding(Pair kernel, Pair dilation) {
    return new Pair(halfOf(kernel.h(), dilation.h()), halfOf(kernel.w(), dilation.w()));
  }

  private static int halfOf(int kernel, int dilation) {
    return Math.toIntExact(((long) dilation * (kernel - 1) + 1) / 2);
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
  static LayerDeclaration declare(LayerArguments arguments) {
    int groups = arguments.integer(4, "groups", 1, 65_536, 1);
    Pair dilation = arguments.pair(5, "dilation", 1, Pair.of(1));
    return declare(arguments, CLASS, groups, dilation, arguments.activation(6), 3);
  }

  static LayerDeclaration declare(
      LayerArguments arguments,
      String className,
      int groups,
      Pair dilation,
      ModuleTree activation,
      int paddingIndex) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    Pair kernel = arguments.pair(1, "kernel", 1, Pair.of(1));
    Pair stride = arguments.pair(2, "stride", 1, Pair.of(1));
    Pair padding = autoPadding(kernel, dilation);
    if (paddingIndex > 0) {
      padding = arguments.pair(paddingIndex, "padding", 0, padding);
    }
    ModuleTree conv =
        TorchModules.conv2d(in, out, kernel, stride, padding, dilation, groups, false);
    return LayerDeclaration.ofChannels(arguments, declare(className, out, conv, activation), out);
  }

  static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  static Conv read(ModuleScope scope) {
    Activation activation = scope.hasChild("act") ? scope.activation("act") : Activation.IDENTITY;
    Conv2dParams conv = scope.child("conv").conv2d(activation);
    if (!scope.hasChild("bn")) {
      return new Conv(conv);
    }
    return new Conv(BatchNorm.of(scope.child("bn")).foldInto(conv, activation));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.conv2d(x, params);
  }
}
