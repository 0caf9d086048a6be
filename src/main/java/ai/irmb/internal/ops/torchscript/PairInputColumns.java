package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.tensor.Shape;
import java.util.List;

/**
 * Lets a convolution of stride 2 read the columns of the image in pairs: two pixels of three
 * channels are one pixel of six in the same memory, and the kernel has half the columns. Six
 * channels use vector registers better than three (docs/decisions/input-column-pairs.md).
 */
final class PairInputColumns {
  private static final int MAX_CHANNELS = 4;

  private PairInputColumns() {}

  static List<Symbol> apply(List<Symbol> results, Backend backend) {
    GraphRewriter rewriter = new GraphRewriter(results);
    return rewriter.rewrite(symbol -> rewrite(symbol, rewriter, backend));
  }

  private static Symbol rewrite(Symbol symbol, GraphRewriter rewriter, Backend backend) {
    if (symbol.instruction() instanceof Convolution convolution
        && backend.pairsInputColumns()
        && !convolution.addsInput()
        && symbol.inputs().get(0).instruction() instanceof Instruction.Image
        && canPair(convolution.params(), symbol.inputs().get(0))) {
      Symbol image = rewriter.rewritten(symbol.inputs().get(0));
      int n = image.size(0);
      int c = image.size(1);
      int h = image.size(2);
      int w = image.size(3);
      String pairs =
          TorchScript.toNchw(
              TorchScript.reshape(
                  TorchScript.toNhwc(TorchScript.INPUT),
                  TorchScript.size(n),
                  TorchScript.size(h),
                  TorchScript.size(w / 2),
                  2L * c));
      Symbol paired =
          new Symbol(
              Instruction.Expression.view(pairs),
              List.of(image),
              Shape.of(n, 2L * c, h, w / 2),
              null);
      return new Symbol(convolution.withPairedColumns(), List.of(paired), symbol.shape(), null);
    }
    return rewriter.withRewrittenInputs(symbol);
  }

  private static boolean canPair(Conv2dParams p, Symbol image) {
    return image.size(1) <= MAX_CHANNELS
        && image.size(3) % 2 == 0
        && p.groups() == 1
        && p.dilation().equals(Pair.of(1))
        && p.stride().w() == 2
        && p.padding().w() % 2 == 0
        && p.kernel().w() % 2 == 0;
  }
}
