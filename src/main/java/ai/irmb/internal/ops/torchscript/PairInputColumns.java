package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.tensor.Shape;
import java.util.List;

/**
 * A convolution that steps over the image's columns two at a time reads them in pairs: two pixels
 * with three colours each are one with six, which is the same memory, and the kernel has half the
 * columns. Processors fill their registers better with six channels than with three.
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
              TorchScript.reshape(TorchScript.toNhwc(TorchScript.INPUT), n, h, w / 2, 2L * c));
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
