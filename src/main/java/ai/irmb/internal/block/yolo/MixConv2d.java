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

/**
 * Parallel convolutions with different kernel sizes, concatenated, then a norm and an activation.
 */
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
    int[] outChannels =
        arguments.bool(3, "equal_ch", true)
            ? equally(out, kernels.size())
            : byKernelArea(out, kernels);
    List<ModuleTree> convs = new ArrayList<>();
    int sum = 0;
    for (int i = 0; i < outChannels.length; i++) {
      sum += outChannels[i];
      if (outChannels[i] < 1) {
        throw arguments.error(
            out + " channels are too few: none is left for kernel " + kernels.get(i));
      }
      convs.add(
          TorchModules.conv2d(
              in,
              outChannels[i],
              Pair.of(kernels.get(i)),
              Pair.of(stride),
              Pair.of(kernels.get(i) / 2),
              Pair.of(1),
              Conv.gcd(in, outChannels[i]),
              false));
    }
    if (sum != out) {
      throw arguments.error(out + " channels cannot be divided among kernels " + kernels);
    }
    ModuleTree tree =
        TorchModules.of("models.experimental.MixConv2d")
            .child("m", TorchModules.moduleList(convs))
            .child("bn", TorchModules.batchNorm2d(out))
            .child("act", TorchModules.silu())
            .build();
    return LayerDeclaration.ofChannels(arguments, tree, out);
  }

  /**
   * The channels per kernel: the elements of {@code linspace(0, n − 1e-6, out)} in [g, g + 1), as
   * YOLOv5 counts them.
   */
  private static int[] equally(int out, int n) {
    int[] outChannels = new int[n];
    for (int i = 0; i < out; i++) {
      double at = out == 1 ? 0 : i * (n - 1e-6) / (out - 1);
      outChannels[Math.min((int) at, n - 1)]++;
    }
    return outChannels;
  }

  /** The channels per kernel that give every kernel about the same number of weights. */
  private static int[] byKernelArea(int out, List<Integer> kernels) {
    double sum = 0;
    for (int k : kernels) {
      sum += 1.0 / ((double) k * k);
    }
    int[] outChannels = new int[kernels.size()];
    for (int i = 0; i < outChannels.length; i++) {
      double k = kernels.get(i);
      outChannels[i] = (int) Math.rint(out / (k * k * sum));
    }
    return outChannels;
  }

  static MixConv2d read(ModuleScope scope) {
    return new MixConv2d(scope.blocks("m"), scope.block("bn"), scope.activation("act"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    List<T> maps = new ArrayList<>();
    m.forEach(conv -> maps.add(conv.forward(ops, x)));
    T normalized = bn.forward(ops, ops.concat(maps));
    return act.isIdentity() ? normalized : ops.activation(normalized, act);
  }
}
