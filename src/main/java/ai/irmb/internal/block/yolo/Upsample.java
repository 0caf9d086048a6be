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
import ai.irmb.ops.Upsampling;
import java.util.List;

/** {@code nn.Upsample}. */
record Upsample(Upsampling params) implements Block {
  static final BlockType TYPE = new BlockType("nn.Upsample", Upsample::declare, Upsample::read);

  static final BlockType NEAREST = fixedMode("UpsamplingNearest2d", "nearest", false);
  static final BlockType BILINEAR = fixedMode("UpsamplingBilinear2d", "bilinear", true);

  private static final int MAX_SCALE = 64;

  /** {@code nn.Upsample, [size, scale_factor, mode="nearest", align_corners=None]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    String mode = arguments.text(2, "mode", "nearest");
    if (!mode.equals("nearest") && !mode.equals("bilinear")) {
      throw arguments.argumentError(2, "mode", "nearest or bilinear");
    }
    return declare(arguments, "Upsample", mode, arguments.bool(3, "align_corners", false));
  }

  /** {@return a subclass of {@code nn.Upsample} with {@code [size, scale_factor]} only} */
  private static BlockType fixedMode(String className, String mode, boolean alignCorners) {
    return new BlockType(
        "nn." + className,
        arguments -> declare(arguments, className, mode, alignCorners),
        Upsample::read);
  }

  private static LayerDeclaration declare(
      LayerArguments arguments, String className, String mode, boolean alignCorners) {
    TorchModules.Builder module = TorchModules.of("torch.nn.modules.upsampling." + className);
    if (arguments.isGiven(0)) {
      List<Integer> size = arguments.integers(0, "size", 1);
      module.attribute("size", new Pair(size.get(0), size.get(size.size() - 1)));
    } else if (arguments.isGiven(1)) {
      double scale = arguments.number(1, "scale_factor", 1);
      if (!(scale > 0 && scale <= MAX_SCALE)) {
        throw arguments.argumentError(
            1, "scale_factor", "a number above 0 and at most " + MAX_SCALE);
      }
      module.attribute("scale_factor", scale);
    } else {
      throw arguments.error("it needs a size or a scale_factor");
    }
    ModuleTree tree =
        module.attribute("mode", mode).attribute("align_corners", alignCorners).build();
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels());
  }

  static Upsample read(ModuleScope scope) {
    String mode = scope.text("mode", "nearest");
    if (!mode.equals("nearest") && !mode.equals("bilinear")) {
      throw scope.error("mode: expected nearest or bilinear, found \"" + mode + "\"");
    }
    List<Double> scales = scope.numbers("scale_factor");
    if (scales.size() > 2) {
      throw scope.error("scale_factor: expected one or two values, found " + scales);
    }
    double scaleH = scales.isEmpty() ? 0 : scales.get(0);
    double scaleW = scales.isEmpty() ? 0 : scales.get(scales.size() - 1);
    boolean sized = scope.module().attributes().containsKey("size");
    Pair size = scope.pair("size", Pair.of(0));
    if (sized && (size.h() < 1 || size.w() < 1)) {
      throw scope.error("size: expected positive values, found " + size);
    }
    if (!sized && !(scaleH > 0 && scaleW > 0 && scaleH <= MAX_SCALE && scaleW <= MAX_SCALE)) {
      throw scope.error("it needs a size or a scale_factor of at most " + MAX_SCALE);
    }
    return new Upsample(
        new Upsampling(
            scaleH,
            scaleW,
            size.h(),
            size.w(),
            mode.equals("nearest") ? Upsampling.Mode.NEAREST : Upsampling.Mode.BILINEAR,
            scope.bool("align_corners", false)));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.upsample(x, params);
  }
}
