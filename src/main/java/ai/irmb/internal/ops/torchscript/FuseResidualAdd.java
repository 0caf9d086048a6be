package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** Fuses a sum into the convolution that computes one of its inputs, if nothing else uses that. */
final class FuseResidualAdd {
  private FuseResidualAdd() {}

  static List<Symbol> apply(List<Symbol> results, Backend backend) {
    GraphRewriter rewriter = new GraphRewriter(results);
    return rewriter.rewrite(symbol -> rewrite(symbol, rewriter, backend));
  }

  private static Symbol rewrite(Symbol symbol, GraphRewriter rewriter, Backend backend) {
    if (symbol.instruction() instanceof Instruction.Sum) {
      for (int i = 1; i >= 0; i--) {
        Symbol summand = symbol.inputs().get(i);
        Symbol other = symbol.inputs().get(1 - i);
        if (summand.instruction() instanceof Convolution convolution
            && !convolution.addsInput()
            && rewriter.useCount(summand) == 1
            && backend.fusesAddition(convolution.params().activation(), symbol.shape())) {
          return new Symbol(
              convolution.withAddition(),
              List.of(rewriter.rewritten(summand.inputs().get(0)), rewriter.rewritten(other)),
              symbol.shape(),
              symbol.windows());
        }
      }
    }
    return rewriter.withRewrittenInputs(symbol);
  }
}
