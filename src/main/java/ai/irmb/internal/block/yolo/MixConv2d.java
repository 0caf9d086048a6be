package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import java.util.ArrayList;
import java.util.List;

/** Convolutions of different kernel sizes side by side, then one norm and activation. */
record MixConv2d(List<Block> m, Block bn, Activation act) implements Block {
  static final BlockType TYPE = new BlockType("MixConv2d", MixConv2d::declare, MixConv2d::read);

  MixConv2d {
    m = List.copyOf(m);
  }

  /** {@code MixConv2d, [c2, k=(1, 3), s=1, equal_ch=True]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    List<Integer> kernels =
        arguments.isGiven(1) ? arguments.integers(1, "kernels", 1) : List.of(1, 3);
    int stride = arguments.integer(2, "stride", 1, 999, 1);
    int[] shares =
        arguments.bool(3, "equal_ch", true) ? equal(out, kernels.size()) : byArea(out, kernels);
    List<ModuleTree> convs = new ArrayList<>();
    int sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += shares[i];
      if (shares[i] < 1) {
        throw arguments.error(out + " channels leave none for kernel " + kernels.get(i));
      }
      convs.add(
          TorchModules.conv2d(
              in,
              shares[i],
              Pair.of(kernels.get(i)),
              Pair.of(stride),
              Pair.of(kernels.get(i) / 2),
              Pair.of(1),
              Conv.gcd(in, shares[i]),
              false));
    }
    if (sum != out) {
      throw arguments.error(out + " channels do not fall to kernels " + kernels + " without rest");
    }
    ModuleTree tree =
        TorchModules.of("models.common.MixConv2d")
            .child("m", TorchModules.moduleList(convs))
            .child("bn", TorchModules.batchNorm2d(out))
            .child("act", TorchModules.silu())
            .build();
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  /** How many of {@code linspace(0, n − 1e-6, out)} fall between g and g + 1, for each g. */
  private static int[] equal(int out, int n) {
    int[] shares = new int[n];
    for (int i = 0; i < out; i++) {
      double at = out == 1 ? 0 : i * (n - 1e-6) / (out - 1);
      shares[Math.min((int) at, n - 1)]++;
    }
    return shares;
  }

  /** Shares that give each kernel the same number of weights. */
  private static int[] byArea(int out, List<Integer> kernels) {
    double sum = 0;
    for (int k : kernels) {
      sum += 1.0 / ((double) k * k);
    }
    int[] shares = new int[kernels.size()];
    for (int i = 0; i < shares.length; i++) {
      double k = kernels.get(i);
      shares[i] = (int) Math.rint(out / (k * k * sum));
    }
    return shares;
  }

  static MixConv2d read(ModuleScope scope) {
    return new MixConv2d(scope.blocks("m"), scope.block("bn"), scope.activation("act"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    List<T> parts = new ArrayList<>();
    m.forEach(conv -> parts.add(conv.forward(ops, x)));
    T normed = bn.forward(ops, ops.concat(parts));
    return act.isIdentity() ? normed : ops.activation(normed, act);
  }
}
