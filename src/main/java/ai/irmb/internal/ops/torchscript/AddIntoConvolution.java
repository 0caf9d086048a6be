package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** A sum with a convolution that nothing else reads becomes part of the convolution. */
final class AddIntoConvolution {
  private AddIntoConvolution() {}

  static List<Symbol> apply(List<Symbol> results, Backend backend) {
    Rewriting rewriting = new Rewriting(results);
    return rewriting.apply(symbol -> rewrite(symbol, rewriting, backend));
  }

  private static Symbol rewrite(Symbol symbol, Rewriting rewriting, Backend backend) {
    if (symbol.step() instanceof Sum) {
      for (int i = 1; i >= 0; i--) {
        Symbol summand = symbol.inputs().get(i);
        Symbol other = symbol.inputs().get(1 - i);
        if (summand.step() instanceof Convolution convolution
            && !convolution.plus()
            && rewriting.readers(summand) == 1
            && backend.addsInConvolution(convolution.params().activation())) {
          return new Symbol(
              convolution.andPlus(),
              List.of(rewriting.now(summand.inputs().get(0)), rewriting.now(other)),
              symbol.shape(),
              symbol.windows());
        }
      }
    }
    return rewriting.kept(symbol);
  }
}
