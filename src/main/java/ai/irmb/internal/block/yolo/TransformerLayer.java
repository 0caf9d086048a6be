package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/**
 * Multi-head attention and two linear layers, with a shortcut around each of the two; without
 * norms.
 */
record TransformerLayer(Block q, Block k, Block v, MultiheadAttention ma, Block fc1, Block fc2)
    implements Block {
  static final BlockType TYPE = BlockType.inner("TransformerLayer", TransformerLayer::read);

  static ModuleTree declare(int channels, int heads) {
    ModuleTree linear = TorchModules.linear(channels, channels, false);
    ModuleTree attention =
        TorchModules.of("torch.nn.modules.activation.MultiheadAttention")
            .attribute("embed_dim", channels)
            .attribute("num_heads", heads)
            .tensor("in_proj_weight", 3L * channels, channels)
            .tensor("in_proj_bias", 3L * channels)
            .child("out_proj", TorchModules.linear(channels, channels, true))
            .build();
    return TorchModules.of("models.common.TransformerLayer")
        .child("q", linear)
        .child("k", linear)
        .child("v", linear)
        .child("ma", attention)
        .child("fc1", linear)
        .child("fc2", linear)
        .build();
  }

  static TransformerLayer read(ModuleScope scope) {
    return new TransformerLayer(
        scope.block("q"),
        scope.block("k"),
        scope.block("v"),
        MultiheadAttention.read(scope.child("ma")),
        scope.block("fc1"),
        scope.block("fc2"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T attended = ma.forward(ops, q.forward(ops, x), k.forward(ops, x), v.forward(ops, x));
    T y = ops.add(attended, x);
    return ops.add(fc2.forward(ops, fc1.forward(ops, y)), y);
  }
}
