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

/** {@code nn.MaxPool2d}. */
record MaxPool2d(int kernel, int stride, int padding, boolean ceil) implements Block {
  static final BlockType TYPE = new BlockType("nn.MaxPool2d", MaxPool2d::declare, MaxPool2d::read);

  static LayerDeclaration declare(LayerArguments arguments) {
    int kernel = arguments.integer(0, "kernel", 1, 999);
    int stride = arguments.integer(1, "stride", 1, 999, kernel);
    int padding = arguments.integer(2, "padding", 0, kernel / 2, 0);
    if (arguments.integer(3, "dilation", 1, 999, 1) != 1) {
      throw arguments.argumentError(3, "dilation", "1, the only supported value");
    }
    ModuleTree tree =
        TorchModules.maxPool2d(kernel, stride, padding, arguments.bool(5, "ceil_mode", false));
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels());
  }

  static MaxPool2d read(ModuleScope scope) {
    int kernel = singleValue(scope, "kernel_size", 1);
    if (singleValue(scope, "dilation", 1) != 1) {
      throw scope.error("a dilation other than 1 is not supported");
    }
    int stride = singleValue(scope, "stride", kernel);
    int padding = singleValue(scope, "padding", 0);
    if (kernel < 1 || stride < 1 || 2 * padding > kernel) {
      throw scope.error("kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }
    return new MaxPool2d(kernel, stride, padding, scope.bool("ceil_mode", false));
  }

  static int singleValue(ModuleScope scope, String name, int defaultValue) {
    Pair pair = scope.pair(name, Pair.of(defaultValue));
    if (pair.h() != pair.w()) {
      throw scope.error(name + ": expected the same value for height and width, found " + pair);
    }
    return pair.h();
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.maxPool2d(x, kernel, stride, padding, ceil);
  }
}
