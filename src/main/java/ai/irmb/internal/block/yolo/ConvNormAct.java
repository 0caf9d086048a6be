package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import org.jspecify.annotations.Nullable;

/**
 * The convolution inside an iRMB: convolution, norm, activation and an optional shortcut. A batch
 * norm is folded into the convolution.
 *
 * @param norm a norm that cannot be folded, or null
 * @param activation the function after {@code norm}; without {@code norm} it is part of {@code
 *     conv}
 */
record ConvNormAct(Conv2dParams conv, @Nullable Block norm, Activation activation, boolean skip)
    implements Block {
  static final BlockType TYPE = BlockType.inner("ConvNormAct", ConvNormAct::read);

  /** {@return the module; the padding is ⌈(kernel − stride) / 2⌉ for every dilation} */
  static ModuleTree declare(
      int in,
      int out,
      int kernel,
      int stride,
      int dilation,
      int groups,
      boolean bias,
      ModuleTree norm,
      ModuleTree activation) {
    int padding = Math.max(-Math.floorDiv(stride - kernel, 2), 0);
    return TorchModules.of("models.common.ConvNormAct")
        .attribute("has_skip", false)
        .child(
            "conv",
            TorchModules.conv2d(
                in,
                out,
                Pair.of(kernel),
                Pair.of(stride),
                Pair.of(padding),
                Pair.of(dilation),
                groups,
                bias))
        .child("norm", norm)
        .child("act", activation)
        .child("drop_path", TorchModules.identity())
        .build();
  }

  static ConvNormAct read(ModuleScope scope) {
    scope.ignore("drop_path");
    boolean skip = scope.bool("has_skip", false);
    Activation activation = scope.activation("act");
    Conv2dParams conv = scope.child("conv").conv2d(Activation.IDENTITY);
    ModuleScope norm = scope.child("norm");
    String name = norm.module().simpleName();
    if (name.equals("Identity")) {
      return new ConvNormAct(conv.withActivation(activation), null, Activation.IDENTITY, skip);
    }
    if (name.equals("BatchNorm2d") || name.equals("SyncBatchNorm")) {
      Conv2dParams folded = BatchNorm.of(norm).foldInto(conv, activation);
      return new ConvNormAct(folded, null, Activation.IDENTITY, skip);
    }
    return new ConvNormAct(conv, scope.block("norm"), activation, skip);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T y = ops.conv2d(x, conv);
    if (norm != null) {
      y = norm.forward(ops, y);
    }
    if (!activation.isIdentity()) {
      y = ops.activation(y, activation);
    }
    return skip ? ops.add(y, x) : y;
  }
}
