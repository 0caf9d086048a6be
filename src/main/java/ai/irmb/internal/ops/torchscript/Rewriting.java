package ai.irmb.internal.ops.torchscript;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/** A graph as it is rewritten from its inputs on: old values, and what stands for them now. */
final class Rewriting {
  private final IdentityHashMap<Symbol, Symbol> replaced = new IdentityHashMap<>();
  private final IdentityHashMap<Symbol, Integer> readers = new IdentityHashMap<>();
  private final List<Symbol> results;

  Rewriting(List<Symbol> results) {
    this.results = results;
    for (Symbol symbol : SymbolOrder.of(results)) {
      symbol.inputs().forEach(this::count);
    }
    results.forEach(this::count);
  }

  private void count(Symbol read) {
    readers.merge(read, 1, Integer::sum);
  }

  /** {@return how many places read a value of the old graph} */
  int readers(Symbol old) {
    return readers.getOrDefault(old, 0);
  }

  /** {@return the new results} */
  List<Symbol> apply(UnaryOperator<Symbol> rule) {
    for (Symbol symbol : SymbolOrder.of(results)) {
      replaced.put(symbol, rule.apply(symbol));
    }
    return results.stream().map(this::now).toList();
  }

  /** {@return what stands for an old value that was already rewritten} */
  Symbol now(Symbol old) {
    Symbol symbol = replaced.get(old);
    if (symbol == null) {
      throw new IllegalArgumentException("not rewritten yet: " + old);
    }
    return symbol;
  }

  /** {@return the same step on rewritten inputs} */
  Symbol kept(Symbol old) {
    return old.reading(old.inputs().stream().map(this::now).toList());
  }
}
