package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;

/** Blocks that move positions into channels and back. */
final class Rearrangements {
  private Rearrangements() {}

  /** Every second row and column, four ways, then a convolution. */
  record Focus(Block conv) implements Block {
    /** {@code Focus, [c2, k=1, s=1, p=None, g=1, act=True]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      Pair kernel = line.pair(1, "kernel", 1, Pair.of(1));
      int groups = line.integer(4, "groups", 1, 65_536, 1);
      if (4 * in % groups != 0 || out % groups != 0) {
        throw line.error("channels are not multiples of " + groups + " groups");
      }
      ModuleTree conv =
          TorchModules.conv2d(
              4 * in,
              out,
              kernel,
              line.pair(2, "stride", 1, Pair.of(1)),
              line.pair(3, "padding", 0, Conv.autoPadding(kernel, Pair.of(1))),
              Pair.of(1),
              groups,
              false);
      ModuleTree tree =
          TorchModules.of("models.common.Focus")
              .child(
                  "conv",
                  TorchModules.of(Conv.CLASS)
                      .child("conv", conv)
                      .child("bn", TorchModules.batchNorm2d(out))
                      .child("act", line.activation(5))
                      .build())
              .build();
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static Focus read(ModuleScope scope) {
      return new Focus(scope.block("conv"));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return conv.forward(
          ops,
          ops.concat(
              List.of(
                  ops.subsample(x, 0, 0, 2),
                  ops.subsample(x, 1, 0, 2),
                  ops.subsample(x, 0, 1, 2),
                  ops.subsample(x, 1, 1, 2))));
    }
  }

  /** Squares of positions into channels. */
  record Contract(int gain) implements Block {
    /** {@code Contract, [gain=2]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int gain = line.integer(0, "gain", 1, 64, 2);
      ModuleTree tree = TorchModules.of("models.common.Contract").attribute("gain", gain).build();
      return new LayerDeclaration(
          tree, line.inChannels() * gain * gain, line.printedFrom(0), false);
    }

    static Contract read(ModuleScope scope) {
      return new Contract(readGain(scope));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      List<T> parts = new ArrayList<>();
      for (int row = 0; row < gain; row++) {
        for (int column = 0; column < gain; column++) {
          parts.add(ops.subsample(x, row, column, gain));
        }
      }
      return ops.concat(parts);
    }
  }

  /** Channels into squares of positions. */
  record Expand(int gain) implements Block {
    /** {@code Expand, [gain=2]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int gain = line.integer(0, "gain", 1, 64, 2);
      if (line.inChannels() % (gain * gain) != 0) {
        throw line.error(line.inChannels() + " channels are not a multiple of " + gain * gain);
      }
      ModuleTree tree = TorchModules.of("models.common.Expand").attribute("gain", gain).build();
      return new LayerDeclaration(
          tree, line.inChannels() / (gain * gain), line.printedFrom(0), false);
    }

    static Expand read(ModuleScope scope) {
      return new Expand(readGain(scope));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.depthToSpace(x, gain);
    }
  }

  private static int readGain(ModuleScope scope) {
    int gain = scope.integer("gain", 2);
    if (gain < 1 || gain > 64) {
      throw scope.error("gain: expected a whole number from 1 to 64, found " + gain);
    }
    return gain;
  }

  /** {@code nn.ConvTranspose2d}. */
  record ConvTranspose2d(ConvTranspose2dParams params) implements Block {
    /** {@code nn.ConvTranspose2d, [c2, k, s=1, p=0, op=0, groups=1, bias=True, dilation=1]}. */
    static LayerDeclaration declare(LayerArguments line) {
      int groups = line.integer(5, "groups", 1, 65_536, 1);
      return declare(
          line, "torch.nn.modules.conv.ConvTranspose2d", groups, line.bool(6, "bias", true), 7);
    }

    /** {@code DWConvTranspose2d, [c2, k=1, s=1, p1=0, p2=0]}. */
    static LayerDeclaration declareDepthwise(LayerArguments line) {
      int groups = Conv.gcd(line.inChannels(), line.scaledChannels(0));
      return declare(line, "models.common.DWConvTranspose2d", groups, true, 5);
    }

    private static LayerDeclaration declare(
        LayerArguments line, String className, int groups, boolean bias, int dilationAt) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      if (in % groups != 0 || out % groups != 0) {
        throw line.error("channels are not multiples of " + groups + " groups");
      }
      Pair kernel = line.pair(1, "kernel", 1, Pair.of(1));
      TorchModules.Builder module =
          TorchModules.of(className)
              .attribute("stride", line.pair(2, "stride", 1, Pair.of(1)))
              .attribute("padding", line.pair(3, "padding", 0, Pair.of(0)))
              .attribute("output_padding", line.pair(4, "output_padding", 0, Pair.of(0)))
              .attribute("dilation", line.pair(dilationAt, "dilation", 1, Pair.of(1)))
              .attribute("groups", groups)
              .tensor("weight", in, out / groups, kernel.h(), kernel.w());
      ModuleTree tree = (bias ? module.tensor("bias", out) : module).build();
      return new LayerDeclaration(tree, out, Arguments.of(line, in, out), false);
    }

    static ConvTranspose2d read(ModuleScope scope) {
      Weight weight = scope.weight("weight");
      int groups = scope.integer("groups", 1);
      if (groups < 1 || weight.shape().rank() != 4 || weight.shape().get(0) % groups != 0) {
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
}
