package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** A sum with a convolution that nothing else reads becomes part of the convolution. */
final class FuseResidualAdd {
  private FuseResidualAdd() {}

  static List<Symbol> apply(List<Symbol> results, Backend backend) {
    GraphRewriter rewriting = new GraphRewriter(results);
    return rewriting.rewrite(symbol -> rewrite(symbol, rewriting, backend));
  }

  private static Symbol rewrite(Symbol symbol, GraphRewriter rewriting, Backend backend) {
    if (symbol.instruction() instanceof Sum) {
      for (int i = 1; i >= 0; i--) {
        Symbol summand = symbol.inputs().get(i);
        Symbol other = symbol.inputs().get(1 - i);
        if (summand.instruction() instanceof Convolution convolution
            && !convolution.addsInput()
            && rewriting.useCount(summand) == 1
            && backend.fusesAddition(convolution.params().activation())) {
          return new Symbol(
              convolution.withAddition(),
              List.of(rewriting.rewritten(summand.inputs().get(0)), rewriting.rewritten(other)),
              symbol.shape(),
              symbol.windows());
        }
      }
    }
    return rewriting.withRewrittenInputs(symbol);
  }
}
