package ai.irmb.internal.ops.torchscript;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/** A graph as it is rewritten from its inputs on: old values, and what stands for them now. */
final class GraphRewriter {
  private final IdentityHashMap<Symbol, Symbol> replaced = new IdentityHashMap<>();
  private final IdentityHashMap<Symbol, Integer> useCount = new IdentityHashMap<>();
  private final List<Symbol> results;

  GraphRewriter(List<Symbol> results) {
    this.results = results;
    for (Symbol symbol : TopologicalOrder.of(results)) {
      symbol.inputs().forEach(this::countUse);
    }
    results.forEach(this::countUse);
  }

  private void countUse(Symbol read) {
    useCount.merge(read, 1, Integer::sum);
  }

  /** {@return how many places read a value of the old graph} */
  int useCount(Symbol old) {
    return useCount.getOrDefault(old, 0);
  }

  /** {@return the new results} */
  List<Symbol> rewrite(UnaryOperator<Symbol> rule) {
    for (Symbol symbol : TopologicalOrder.of(results)) {
      replaced.put(symbol, rule.apply(symbol));
    }
    return results.stream().map(this::rewritten).toList();
  }

  /** {@return what stands for an old value that was already rewritten} */
  Symbol rewritten(Symbol old) {
    Symbol symbol = replaced.get(old);
    if (symbol == null) {
      throw new IllegalArgumentException("not rewritten yet: " + old);
    }
    return symbol;
  }

  /** {@return the same step on rewritten inputs} */
  Symbol withRewrittenInputs(Symbol old) {
    return old.withInputs(old.inputs().stream().map(this::rewritten).toList());
  }
}
