package ai.irmb.internal.ops.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** An order in which every value comes after its inputs. */
final class TopologicalOrder {
  private TopologicalOrder() {}

  /** {@return the values that some results depend on, each once, then the results} */
  static List<Symbol> of(List<Symbol> results) {
    List<Symbol> order = new ArrayList<>();
    Set<Symbol> done = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Symbol> open = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Symbol> stack = new ArrayDeque<>();
    // An explicit stack: recursion over a deep network could overflow the thread's.
    for (Symbol result : results) {
      stack.push(result);
      while (!stack.isEmpty()) {
        Symbol symbol = stack.peek();
        if (done.contains(symbol) || !open.add(symbol)) {
          stack.pop();
          if (done.add(symbol)) {
            order.add(symbol);
          }
          continue;
        }
        List<Symbol> inputs = symbol.inputs();
        for (int i = inputs.size() - 1; i >= 0; i--) {
          if (!done.contains(inputs.get(i))) {
            stack.push(inputs.get(i));
          }
        }
      }
    }
    return order;
  }
}
