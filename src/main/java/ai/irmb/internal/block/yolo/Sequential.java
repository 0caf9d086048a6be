package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import java.util.List;

/** {@code nn.Sequential}: applies blocks one after the other. */
record Sequential(List<Block> blocks) implements Block {
  static final BlockType TYPE = BlockType.inner("Sequential", Sequential::read);

  Sequential {
    blocks = List.copyOf(blocks);
  }

  static Sequential read(ModuleScope scope) {
    return new Sequential(scope.childNames().stream().map(scope::block).toList());
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    for (Block block : blocks) {
      x = block.forward(ops, x);
    }
    return x;
  }
}
