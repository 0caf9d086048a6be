package ai.irmb.internal.ops.torchscript;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Prints the body of the method that computes some results; each value is a variable. */
final class ScriptPrinter {
  private final Backend backend;
  private final WeightList weights;
  private final StringBuilder text = new StringBuilder();
  private final IdentityHashMap<Symbol, String> names = new IdentityHashMap<>();
  private final IdentityHashMap<Symbol, Integer> readers = new IdentityHashMap<>();

  ScriptPrinter(Backend backend, WeightList weights) {
    this.backend = backend;
    this.weights = weights;
  }

  /** {@return the statements; the last returns the list of results} */
  String print(List<Symbol> results) {
    List<Symbol> order = TopologicalOrder.of(results);
    for (Symbol symbol : order) {
      symbol.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
    }
    results.forEach(result -> readers.merge(result, 1, Integer::sum));
    for (Symbol symbol : order) {
      print(symbol);
    }
    List<String> returned = results.stream().map(names::get).toList();
    return text.append("    return [").append(String.join(", ", returned)).append("]\n").toString();
  }

  private void print(Symbol symbol) {
    String name = "v" + names.size();
    List<String> inputs = new ArrayList<>();
    List<Boolean> overwritable = new ArrayList<>();
    for (Symbol input : symbol.inputs()) {
      inputs.add(names.get(input));
      overwritable.add(input.instruction().allocates() && readers.getOrDefault(input, 0) == 1);
    }
    symbol
        .instruction()
        .print(new InstructionPrinter(symbol, name, inputs, overwritable, backend, weights, text));
    names.put(symbol, name);
  }
}
