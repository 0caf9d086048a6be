package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transformer layers over the positions of a map. A linear layer over tokens is a 1 × 1 convolution
 * of the map, and attention over all tokens is windowed attention with one window.
 */
final class Transformers {
  private static final int HEADS = 4;

  private Transformers() {}

  /** A convolution if the channels change, a linear position embedding, and the layers. */
  record TransformerBlock(@Nullable Block conv, Block linear, Block layers) implements Block {
    static ModuleTree declare(LayerArguments line, int in, int out, int heads, int layers) {
      if (out % heads != 0) {
        throw line.error(out + " channels are not a multiple of " + heads + " heads");
      }
      TorchModules.Builder block =
          TorchModules.of("models.common.TransformerBlock").attribute("c2", out);
      if (in != out) {
        block.child("conv", Conv.declare(in, out, 1, 1, line.defaultActivation()));
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
    static LayerDeclaration declare(LayerArguments line) {
      int in = line.inChannels();
      int out = line.scaledChannels(0);
      int heads = line.integer(1, "num_heads", 1, 65_536);
      int layers = line.integer(2, "num_layers", 1, 1_000);
      return new LayerDeclaration(
          declare(line, in, out, heads, layers), out, Arguments.of(line, in, out), false);
    }

    /** {@code C3TR}: a C3 around one of these with as many layers as the row says. */
    static LayerDeclaration declareC3(LayerArguments line) {
      double e = line.expansion(3, 0.5);
      int hidden = (int) (line.scaledChannels(0) * e);
      return C3.declare(
          line, "models.common.C3TR", e, declare(line, hidden, hidden, HEADS, line.repeats()));
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

  /** Attention and two linear layers, each with a shortcut; no norms. */
  record TransformerLayer(Block q, Block k, Block v, MultiheadAttention ma, Block fc1, Block fc2)
      implements Block {
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
      ModuleScope attention = scope.child("ma");
      TransformerLayer layer =
          new TransformerLayer(
              scope.block("q"),
              scope.block("k"),
              scope.block("v"),
              MultiheadAttention.read(attention),
              scope.block("fc1"),
              scope.block("fc2"));
      attention.requireAllRead();
      return layer;
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      T mixed = ma.forward(ops, q.forward(ops, x), k.forward(ops, x), v.forward(ops, x));
      T y = ops.add(mixed, x);
      return ops.add(fc2.forward(ops, fc1.forward(ops, y)), y);
    }
  }

  /** {@code nn.MultiheadAttention} of three maps. */
  record MultiheadAttention(
      Conv2dParams q, Conv2dParams k, Conv2dParams v, Conv2dParams out, WindowGrid grid) {
    static MultiheadAttention read(ModuleScope scope) {
      Weight weight = scope.weight("in_proj_weight");
      Weight bias = scope.hasWeight("in_proj_bias") ? scope.weight("in_proj_bias") : null;
      int channels = (int) weight.shape().get(1);
      int heads = scope.integer("num_heads", 0);
      if (heads < 1 || channels % heads != 0 || weight.shape().get(0) != 3L * channels) {
        throw scope.error(channels + " channels do not fall into " + heads + " heads");
      }
      double scale = 1 / Math.sqrt((double) channels / heads);
      return new MultiheadAttention(
          part(weight, bias, 0),
          part(weight, bias, 1),
          part(weight, bias, 2),
          Maps.Linear.pointwise(scope.child("out_proj")),
          new WindowGrid(0, heads, scale));
    }

    /** The i-th third of the rows. */
    private static Conv2dParams part(Weight weight, @Nullable Weight bias, int i) {
      long c = weight.shape().get(1);
      Weight rows = third(weight, Shape.of(c, c, 1, 1), i);
      return Conv2dParams.pointwise(
          rows, bias == null ? null : third(bias, Shape.of(c), i), Activation.IDENTITY);
    }

    private static Weight third(Weight whole, Shape shape, int i) {
      int size = Math.toIntExact(shape.elements());
      return Weight.of(
          whole.name() + "." + "qkv".charAt(i),
          shape,
          () -> Arrays.copyOfRange(whole.load().toFloats(), i * size, (i + 1) * size));
    }

    <T> T forward(Ops<T> ops, T queries, T keys, T values) {
      T mixed =
          ops.windowAttention(
              ops.conv2d(queries, q), ops.conv2d(keys, k), ops.conv2d(values, v), grid);
      return ops.conv2d(mixed, out);
    }
  }
}
