package example;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.Shape;

/**
 * Efficient channel attention: scales each channel by a factor in (0, 1), which a convolution over
 * the channels computes from the means of neighboring channels. Wang et al., arXiv:1910.03151,
 * section 3.
 */
record Eca(Conv2dParams conv) implements Block {
  static final BlockType TYPE = new BlockType("ECA", Eca::declare, Eca::read);

  /** {@code [-1, 1, ECA, []]}, or {@code [k]}; the default of k is equation 12 of the paper. */
  private static LayerDeclaration declare(LayerArguments arguments) {
    int channels = arguments.inChannels();
    int t = (int) ((Math.log(channels) / Math.log(2) + 1) / 2);
    int k = arguments.integer(0, "kernel", 1, 99, t % 2 == 1 ? t : t + 1);
    return LayerDeclaration.of(
        TorchModules.of("ECA")
            .child("conv", TorchModules.of("Conv1d").tensor("weight", 1, 1, k).build())
            .build(),
        channels,
        channels);
  }

  private static Eca read(ModuleScope scope) {
    scope.ignore("avg_pool", "sigmoid");
    Weight weight = scope.child("conv").weight("weight");
    int k = (int) weight.shape().get(2);
    return new Eca(
        new Conv2dParams(
            Weight.of(weight.name(), Shape.of(1, 1, k, 1), () -> weight.load().toFloats()),
            null,
            Pair.of(1),
            new Pair(k / 2, 0),
            Pair.of(1),
            1,
            Activation.of(Activation.Kind.SIGMOID)));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T means = ops.swapAxes(ops.mean(x), 1, 2);
    return ops.multiply(x, ops.swapAxes(ops.conv2d(means, conv), 1, 2));
  }
}
