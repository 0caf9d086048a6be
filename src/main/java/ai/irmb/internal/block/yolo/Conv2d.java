package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;

/** {@code nn.Conv2d} without norm and activation. */
record Conv2d(Conv2dParams params) implements Block {
  static final BlockType TYPE = BlockType.inner("Conv2d", Conv2d::read);

  static Conv2d read(ModuleScope scope) {
    return new Conv2d(scope.conv2d(Activation.IDENTITY));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.conv2d(x, params);
  }
}
