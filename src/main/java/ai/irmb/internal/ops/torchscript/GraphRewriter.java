package ai.irmb.internal.ops.torchscript;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/** A traversal that replaces the values of a graph, inputs first. */
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

  /** {@return the number of uses of a value in the old graph} */
  int useCount(Symbol old) {
    return useCount.getOrDefault(old, 0);
  }

  /** {@return the outputs of the new graph} */
  List<Symbol> rewrite(UnaryOperator<Symbol> rule) {
    for (Symbol symbol : TopologicalOrder.of(results)) {
      replaced.put(symbol, rule.apply(symbol));
    }
    return results.stream().map(this::rewritten).toList();
  }

  /** {@return the replacement of a value that comes earlier in the traversal} */
  Symbol rewritten(Symbol old) {
    Symbol symbol = replaced.get(old);
    if (symbol == null) {
      throw new IllegalArgumentException("not rewritten yet: " + old);
    }
    return symbol;
  }

  /** {@return the same instruction on the replaced inputs} */
  Symbol withRewrittenInputs(Symbol old) {
    return old.withInputs(old.inputs().stream().map(this::rewritten).toList());
  }
}
