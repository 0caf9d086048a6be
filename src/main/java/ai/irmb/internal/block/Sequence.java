package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import java.util.List;

/** Blocks one after the other: {@code nn.Sequential}. */
record Sequence(List<Block> blocks) implements Block {
  Sequence {
    blocks = List.copyOf(blocks);
  }

  static Sequence read(ModuleScope scope) {
    return new Sequence(scope.childNames().stream().map(scope::block).toList());
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    for (Block block : blocks) {
      x = block.forward(ops, x);
    }
    return x;
  }
}
