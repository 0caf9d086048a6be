package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.List;

/** Max pooling, alone and in spatial pyramids. */
final class Pools {
  private Pools() {}

  /** {@code nn.MaxPool2d}. */
  record MaxPool2d(int kernel, int stride, int padding, boolean ceil) implements Block {
    static LayerDeclaration declare(LayerArguments line) {
      int kernel = line.integer(0, "kernel", 1, 999);
      int stride = line.integer(1, "stride", 1, 999, kernel);
      int padding = line.integer(2, "padding", 0, kernel / 2, 0);
      if (line.integer(3, "dilation", 1, 999, 1) != 1) {
        throw line.argumentError(3, "dilation", "1, the only one that is supported");
      }
      ModuleTree tree =
          TorchModules.maxPool2d(kernel, stride, padding, line.bool(5, "ceil_mode", false));
      return new LayerDeclaration(tree, line.inChannels(), line.printedFrom(0), false);
    }

    static MaxPool2d read(ModuleScope scope) {
      int kernel = square(scope, "kernel_size", 1);
      if (square(scope, "dilation", 1) != 1) {
        throw scope.error("a dilation other than 1 is not supported");
      }
      int stride = square(scope, "stride", kernel);
      int padding = square(scope, "padding", 0);
      if (kernel < 1 || stride < 1 || 2 * padding > kernel) {
        throw scope.error("kernel " + kernel + ", stride " + stride + ", padding " + padding);
      }
      return new MaxPool2d(kernel, stride, padding, scope.bool("ceil_mode", false));
    }

    private static int square(ModuleScope scope, String name, int otherwise) {
      ai.irmb.ops.Pair pair = scope.pair(name, ai.irmb.ops.Pair.of(otherwise));
      if (pair.h() != pair.w()) {
        throw scope.error(name + ": expected the same number twice, found " + pair);
      }
      return pair.h();
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.maxPool2d(x, kernel, stride, padding, ceil);
    }
  }

  /** The pooled maps beside the map itself, between two convolutions. */
  record Spp(Block cv1, Block cv2, List<Block> pools) implements Block {
    Spp {
      pools = List.copyOf(pools);
    }

    /** {@code SPP, [c2, k=(5, 9, 13)]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      ModuleTree tree = declare(line, in, out, kernels(line, 1));
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static List<Integer> kernels(LayerArguments line, int index) {
      return line.isGiven(index) ? line.integers(index, "kernels", 1) : List.of(5, 9, 13);
    }

    static ModuleTree declare(LayerArguments line, int in, int out, List<Integer> kernels) {
      int hidden = in / 2;
      List<ModuleTree> pools = new ArrayList<>();
      kernels.forEach(k -> pools.add(TorchModules.maxPool2d(k, 1, k / 2, false)));
      return TorchModules.of("models.common.SPP")
          .child("cv1", Conv.declare(in, hidden, 1, 1, line.defaultActivation()))
          .child(
              "cv2",
              Conv.declare(hidden * (kernels.size() + 1), out, 1, 1, line.defaultActivation()))
          .child("m", TorchModules.moduleList(pools))
          .build();
    }

    static Spp read(ModuleScope scope) {
      return new Spp(scope.block("cv1"), scope.block("cv2"), scope.blocks("m"));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      T y = cv1.forward(ops, x);
      List<T> parts = new ArrayList<>(List.of(y));
      pools.forEach(pool -> parts.add(pool.forward(ops, y)));
      return cv2.forward(ops, ops.concat(parts));
    }
  }

  /** The same by one pooling done again on its own output, three times. */
  record Sppf(Block cv1, Block cv2, Block m) implements Block {
    /** {@code SPPF, [c2, k=5]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      int kernel = line.integer(1, "kernel", 1, 999, 5);
      int hidden = in / 2;
      ModuleTree tree =
          TorchModules.of("models.common.SPPF")
              .child("cv1", Conv.declare(in, hidden, 1, 1, line.defaultActivation()))
              .child("cv2", Conv.declare(hidden * 4, out, 1, 1, line.defaultActivation()))
              .child("m", TorchModules.maxPool2d(kernel, 1, kernel / 2, false))
              .build();
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static Sppf read(ModuleScope scope) {
      return new Sppf(scope.block("cv1"), scope.block("cv2"), scope.block("m"));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      T a = cv1.forward(ops, x);
      T b = m.forward(ops, a);
      T c = m.forward(ops, b);
      return cv2.forward(ops, ops.concat(List.of(a, b, c, m.forward(ops, c))));
    }
  }
}
