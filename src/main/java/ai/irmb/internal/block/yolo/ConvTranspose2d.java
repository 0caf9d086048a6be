package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;

/** {@code nn.ConvTranspose2d}. */
record ConvTranspose2d(ConvTranspose2dParams params) implements Block {
  static final BlockType TYPE =
      new BlockType("nn.ConvTranspose2d", ConvTranspose2d::declare, ConvTranspose2d::read);

  /** {@code nn.ConvTranspose2d, [c2, k, s=1, p=0, op=0, groups=1, bias=True, dilation=1]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int groups = arguments.integer(5, "groups", 1, 65_536, 1);
    return declare(
        arguments,
        "torch.nn.modules.conv.ConvTranspose2d",
        groups,
        arguments.bool(6, "bias", true),
        7);
  }

  static LayerDeclaration declare(
      LayerArguments arguments, String className, int groups, boolean bias, int dilationIndex) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    if (in % groups != 0 || out % groups != 0) {
      throw arguments.error("channels are not multiples of " + groups + " groups");
    }
    Pair kernel = arguments.pair(1, "kernel", 1, Pair.of(1));
    TorchModules.Builder module =
        TorchModules.of(className)
            .attribute("stride", arguments.pair(2, "stride", 1, Pair.of(1)))
            .attribute("padding", arguments.pair(3, "padding", 0, Pair.of(0)))
            .attribute("output_padding", arguments.pair(4, "output_padding", 0, Pair.of(0)))
            .attribute("dilation", arguments.pair(dilationIndex, "dilation", 1, Pair.of(1)))
            .attribute("groups", groups)
            .tensor("weight", in, out / groups, kernel.h(), kernel.w());
    ModuleTree tree = (bias ? module.tensor("bias", out) : module).build();
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  static ConvTranspose2d read(ModuleScope scope) {
    Weight weight = scope.weight("weight");
    int groups = scope.integer("groups", 1);
    if (groups < 1
        || weight.shape().rank() != 4
        || weight.shape().sizes().contains(0L)
        || weight.shape().get(0) % groups != 0) {
      throw scope.error("a weight " + weight.shape() + " in " + groups + " groups");
    }
    return new ConvTranspose2d(
        new ConvTranspose2dParams(
            weight,
            scope.hasWeight("bias") ? scope.weight("bias") : null,
            scope.pair("stride", Pair.of(1)),
            scope.pair("padding", Pair.of(0)),
            scope.pair("output_padding", Pair.of(0)),
            scope.pair("dilation", Pair.of(1)),
            groups));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.convTranspose2d(x, params);
  }
}
