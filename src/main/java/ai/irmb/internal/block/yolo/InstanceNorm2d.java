package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import org.jspecify.annotations.Nullable;

/** {@code nn.InstanceNorm2d}, with scale and shift if it is affine. */
record InstanceNorm2d(double eps, @Nullable Weight scale, @Nullable Weight shift) implements Block {
  static final BlockType TYPE =
      new BlockType("nn.InstanceNorm2d", InstanceNorm2d::declare, InstanceNorm2d::read);

  /** {@code nn.InstanceNorm2d, [channels, eps=1e-5, momentum=0.1, affine=False]}. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int channels = arguments.inChannels();
    if (arguments.bool(4, "track_running_stats", false)) {
      throw arguments.argumentError(4, "track_running_stats", "false, the only supported value");
    }
    TorchModules.Builder norm =
        TorchModules.of("torch.nn.modules.instancenorm.InstanceNorm2d")
            .attribute("eps", arguments.number(1, "eps", 1e-5));
    if (arguments.bool(3, "affine", false)) {
      if (arguments.integer(0, "channels", 1, LayerArguments.MAX_CHANNELS) != channels) {
        throw arguments.argumentError(0, "channels", String.valueOf(channels));
      }
      norm.tensor("weight", channels).tensor("bias", channels);
    }
    return LayerDeclaration.ofLayer(arguments, norm.build(), channels);
  }

  static InstanceNorm2d read(ModuleScope scope) {
    boolean affine = scope.hasWeight("weight");
    return new InstanceNorm2d(
        scope.number("eps", 1e-5),
        affine ? scope.weight("weight") : null,
        affine ? scope.weight("bias") : null);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = ops.instanceNorm(x, eps);
    return scale == null || shift == null ? y : ops.scaleShift(y, scale, shift);
  }
}
