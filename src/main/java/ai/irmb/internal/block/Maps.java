package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Upsampling;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Blocks that join, enlarge, shrink and rearrange maps. */
final class Maps {
  private Maps() {}

  /** Leaves a map as it is: {@code nn.Identity}, dropout at rest. */
  record Identity() implements Block {
    static Identity read(ModuleScope scope) {
      return new Identity();
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return x;
    }
  }

  /** Puts maps one after the other along an axis. */
  record Concat(int axis) implements Block {
    /** {@code Concat, [dimension=1]}. */
    static LayerDeclaration declare(LayerArguments line) {
      if (line.integer(0, "dimension", -4, 3, 1) != 1) {
        throw line.argumentError(0, "dimension", "1, the channels");
      }
      int out = line.inputChannels().stream().mapToInt(Integer::intValue).sum();
      ModuleTree tree = TorchModules.of("models.common.Concat").attribute("d", 1).build();
      return new LayerDeclaration(tree, out, line.printedFrom(0), false);
    }

    static Concat read(ModuleScope scope) {
      int axis = scope.integer("d", 1);
      if (axis < 0 || axis > 3) {
        throw scope.error("d: expected an axis from 0 to 3, found " + axis);
      }
      return new Concat(axis);
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return x;
    }

    @Override
    public <T> T forward(Ops<T> ops, List<T> inputs) {
      return inputs.size() == 1 ? inputs.get(0) : ops.concat(inputs, axis);
    }
  }

  /** {@code nn.Upsample}. */
  record Upsample(Upsampling params) implements Block {
    /** {@code nn.Upsample, [size, scale_factor, mode="nearest", align_corners=None]}. */
    static LayerDeclaration declare(LayerArguments line) {
      TorchModules.Builder module = TorchModules.of("torch.nn.modules.upsampling.Upsample");
      if (line.isGiven(0)) {
        List<Integer> size = line.integers(0, "size", 1);
        module.attribute(
            "size", (Object) List.of((long) size.get(0), (long) size.get(size.size() - 1)));
      } else if (line.isGiven(1)) {
        double scale = line.number(1, "scale_factor", 1);
        if (!(scale > 0 && scale <= 64)) {
          throw line.argumentError(1, "scale_factor", "a number above 0 and at most 64");
        }
        module.attribute("scale_factor", (Object) scale);
      } else {
        throw line.error("it needs a size or a scale_factor");
      }
      String mode = line.text(2, "mode", "nearest");
      if (!mode.equals("nearest") && !mode.equals("bilinear")) {
        throw line.argumentError(2, "mode", "nearest or bilinear");
      }
      ModuleTree tree =
          module
              .attribute("mode", (Object) mode)
              .attribute("align_corners", (Object) line.bool(3, "align_corners", false))
              .build();
      return new LayerDeclaration(tree, line.inChannels(), line.printedFrom(0), false);
    }

    static Upsample read(ModuleScope scope) {
      String mode = scope.text("mode", "nearest");
      if (!mode.equals("nearest") && !mode.equals("bilinear")) {
        throw scope.error("mode: expected nearest or bilinear, found \"" + mode + "\"");
      }
      double[] scale = scales(scope);
      boolean sized = scope.tree().attributes().containsKey("size");
      ai.irmb.ops.Pair size = scope.pair("size", ai.irmb.ops.Pair.of(0));
      if (sized && (size.h() < 1 || size.w() < 1)) {
        throw scope.error("size: expected positive numbers, found " + size);
      }
      if (!sized && !(scale[0] > 0 && scale[1] > 0 && scale[0] <= 64 && scale[1] <= 64)) {
        throw scope.error("it needs a size or a scale_factor of at most 64");
      }
      return new Upsample(
          new Upsampling(
              scale[0],
              scale[1],
              size.h(),
              size.w(),
              mode.equals("nearest") ? Upsampling.Mode.NEAREST : Upsampling.Mode.BILINEAR,
              scope.bool("align_corners", false)));
    }

    private static double[] scales(ModuleScope scope) {
      Object value = scope.tree().attributes().get("scale_factor");
      if (value instanceof List<?> list
          && list.size() == 2
          && list.get(0) instanceof Number h
          && list.get(1) instanceof Number w) {
        return new double[] {h.doubleValue(), w.doubleValue()};
      }
      double both = value instanceof Number number ? number.doubleValue() : 0;
      return new double[] {both, both};
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.upsample(x, params);
    }
  }

  /** {@code nn.ZeroPad2d}; numbers are left, right, top, bottom. */
  record ZeroPad2d(List<Integer> padding) implements Block {
    ZeroPad2d {
      padding = List.copyOf(padding);
    }

    static LayerDeclaration declare(LayerArguments line) {
      List<Integer> sides = line.integers(0, "padding", 0);
      if (sides.size() != 1 && sides.size() != 4) {
        throw line.argumentError(0, "padding", "one or four whole numbers");
      }
      List<Object> four = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        four.add((long) sides.get(sides.size() == 1 ? 0 : i));
      }
      ModuleTree tree =
          TorchModules.of("torch.nn.modules.padding.ZeroPad2d")
              .attribute("padding", (Object) four)
              .build();
      return new LayerDeclaration(tree, line.inChannels(), line.printedFrom(0), false);
    }

    static ZeroPad2d read(ModuleScope scope) {
      Object value = scope.tree().attributes().get("padding");
      List<Integer> sides = new ArrayList<>();
      for (Object side :
          value instanceof List<?> list ? list : Arrays.asList(value, value, value, value)) {
        if (side instanceof Long number && number >= 0 && number <= 65_536) {
          sides.add(number.intValue());
        }
      }
      if (sides.size() != 4) {
        throw scope.error("padding: expected four whole numbers, found " + value);
      }
      return new ZeroPad2d(sides);
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.zeroPad(x, padding.get(0), padding.get(1), padding.get(2), padding.get(3));
    }
  }

  /** A linear layer over the channels of each position. */
  record Linear(Conv2dParams params) implements Block {
    static Linear read(ModuleScope scope) {
      return new Linear(pointwise(scope));
    }

    static Conv2dParams pointwise(ModuleScope scope) {
      ai.irmb.ops.Weight weight = scope.weight("weight");
      return Conv2dParams.pointwise(
          reshaped(weight),
          scope.hasWeight("bias") ? scope.weight("bias") : null,
          ai.irmb.ops.Activation.IDENTITY);
    }

    /** (out, in) → (out, in, 1, 1). */
    static ai.irmb.ops.Weight reshaped(ai.irmb.ops.Weight weight) {
      Shape shape = Shape.of(weight.shape().get(0), weight.shape().get(1), 1, 1);
      return ai.irmb.ops.Weight.of(weight.name(), shape, () -> weight.load().toFloats());
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.conv2d(x, params);
    }
  }

  /** {@code nn.Conv2d} alone. */
  record PlainConv2d(Conv2dParams params) implements Block {
    static PlainConv2d read(ModuleScope scope) {
      return new PlainConv2d(scope.conv2d(ai.irmb.ops.Activation.IDENTITY));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return ops.conv2d(x, params);
    }
  }
}
