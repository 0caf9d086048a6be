package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/** {@code nn.AvgPool2d}. */
record AvgPool2d(int kernel, int stride, int padding, boolean countPadding) implements Block {
  static final BlockType TYPE = new BlockType("nn.AvgPool2d", AvgPool2d::declare, AvgPool2d::read);

  /** {@code nn.AvgPool2d, [k, s=k, p=0, ceil_mode=False, count_include_pad=True]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int kernel = arguments.integer(0, "kernel", 1, 999);
    int stride = arguments.integer(1, "stride", 1, 999, kernel);
    int padding = arguments.integer(2, "padding", 0, kernel / 2, 0);
    ModuleTree tree =
        TorchModules.of("torch.nn.modules.pooling.AvgPool2d")
            .attribute("kernel_size", kernel)
            .attribute("stride", stride)
            .attribute("padding", padding)
            .attribute("ceil_mode", arguments.bool(3, "ceil_mode", false))
            .attribute("count_include_pad", arguments.bool(4, "count_include_pad", true))
            .build();
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels());
  }

  private static AvgPool2d read(ModuleScope scope) {
    int kernel = MaxPool2d.singleValue(scope, "kernel_size", 1);
    int stride = MaxPool2d.singleValue(scope, "stride", kernel);
    int padding = MaxPool2d.singleValue(scope, "padding", 0);
    if (kernel < 1 || stride < 1 || 2 * padding > kernel) {
      throw scope.error("kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }
    if (scope.bool("ceil_mode", false)) {
      throw scope.error("ceil_mode: expected false, the only supported value");
    }
    if (scope.module().attributes().containsKey("divisor_override")) {
      throw scope.error("divisor_override: expected none, the only supported value");
    }
    return new AvgPool2d(kernel, stride, padding, scope.bool("count_include_pad", true));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.avgPool2d(x, kernel, stride, padding, countPadding);
  }
}
