package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.Shape;

/** A linear layer over the channels, per position. */
record Linear(Conv2dParams params) implements Block {
  static final BlockType TYPE = BlockType.inner("Linear", Linear::read);

  static Linear read(ModuleScope scope) {
    return new Linear(pointwise(scope));
  }

  static Conv2dParams pointwise(ModuleScope scope) {
    Weight weight = scope.weight("weight");
    return Conv2dParams.pointwise(
        reshaped(weight),
        scope.hasWeight("bias") ? scope.weight("bias") : null,
        Activation.IDENTITY);
  }

  /** (out, in) → (out, in, 1, 1). */
  static Weight reshaped(Weight weight) {
    Shape shape = Shape.of(weight.shape().get(0), weight.shape().get(1), 1, 1);
    return Weight.of(weight.name(), shape, () -> weight.load().toFloats());
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.conv2d(x, params);
  }
}
