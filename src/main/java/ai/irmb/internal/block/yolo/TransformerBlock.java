package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transformer layers after a learned linear position embedding; a convolution first if the channels
 * change.
 */
record TransformerBlock(@Nullable Block conv, Block linear, Block layers) implements Block {
  static final BlockType TYPE =
      new BlockType("TransformerBlock", TransformerBlock::declare, TransformerBlock::read);

  static ModuleTree declare(LayerArguments arguments, int in, int out, int heads, int layers) {
    if (out % heads != 0) {
      throw arguments.error(out + " channels are not a multiple of " + heads + " heads");
    }
    TorchModules.Builder block =
        TorchModules.of("models.common.TransformerBlock").attribute("c2", out);
    if (in != out) {
      block.child("conv", Conv.declare(in, out, 1, 1, arguments.defaultActivation()));
    }
    List<ModuleTree> tr = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      tr.add(TransformerLayer.declare(out, heads));
    }
    return block
        .child("linear", TorchModules.linear(out, out, true))
        .child("tr", TorchModules.sequential(tr))
        .build();
  }

  /** {@code TransformerBlock, [c2, num_heads, num_layers]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    int heads = arguments.integer(1, "num_heads", 1, 65_536);
    int layers = arguments.integer(2, "num_layers", 1, 1_000);
    return LayerDeclaration.ofChannels(arguments, declare(arguments, in, out, heads, layers), out);
  }

  static TransformerBlock read(ModuleScope scope) {
    return new TransformerBlock(
        scope.hasChild("conv") ? scope.block("conv") : null,
        scope.block("linear"),
        scope.block("tr"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T tokens = conv == null ? x : conv.forward(ops, x);
    return layers.forward(ops, ops.add(tokens, linear.forward(ops, tokens)));
  }
}
