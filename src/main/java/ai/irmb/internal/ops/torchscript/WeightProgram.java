package ai.irmb.internal.ops.torchscript;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that prepares weights, many per call. Computations that differ only in lists of
 * integers (shapes, strides) share a method, with the lists as parameters: loading and calling a
 * program is expensive, and a network has a hundred weights that are prepared in a handful of ways
 * (docs/decisions/grouped-weights.md).
 */
final class WeightProgram {
  /** The variable of the first result, for the expressions of the others. */
  static final String FIRST = "y";

  private final Map<String, String> names = new LinkedHashMap<>();
  private final StringBuilder source = new StringBuilder();

  /** {@return the variable of an input} */
  static String inputName(int index) {
    return "w" + index;
  }

  /**
   * One item of work for a method.
   *
   * @param method name of the method
   * @param results the number of arrays that it returns
   * @param lists the lists of integers; equally long in all calls of a method
   */
  record Call(String method, int results, List<long[]> lists) {}

  /**
   * {@return the results of calls of one method, call by call, owned by {@code owner}}
   *
   * @param inputs per call
   */
  static PtNDArray[] run(
      ScriptModule module, NDManager owner, List<Call> calls, List<PtNDArray[]> inputs) {
    List<IValue> arguments = new ArrayList<>();
    try {
      for (int k = 0; k < inputs.get(0).length; k++) {
        PtNDArray[] all = new PtNDArray[inputs.size()];
        for (int i = 0; i < all.length; i++) {
          all[i] = inputs.get(i)[k];
        }
        arguments.add(IValue.listFrom(all));
      }
      for (int k = 0; k < calls.get(0).lists().size(); k++) {
        int each = calls.get(0).lists().get(k).length;
        long[] all = new long[calls.size() * each];
        for (int i = 0; i < calls.size(); i++) {
          System.arraycopy(calls.get(i).lists().get(k), 0, all, i * each, each);
        }
        arguments.add(IValue.listFrom(all));
      }
      return module.run(owner, calls.get(0).method(), arguments.toArray(new IValue[0]));
    } finally {
      arguments.forEach(IValue::close);
    }
  }

  /**
   * {@return the call that computes some expressions}
   *
   * @param inputs number of inputs
   * @param first an expression of the inputs
   * @param more expressions of the inputs and of {@link #FIRST}
   */
  Call add(int inputs, String first, String... more) {
    List<long[]> lists = new ArrayList<>();
    String body = withoutLists(first, lists);
    StringBuilder method = new StringBuilder("(__self__");
    StringBuilder step = new StringBuilder();
    for (int i = 0; i < inputs; i++) {
      String name = inputName(i);
      method.append(TorchScript.fill(", %ss: List[Tensor]", name));
      step.append(TorchScript.fill("      %s = %ss[i]\n", name, name));
    }
    for (int i = 0; i < lists.size(); i++) {
      int each = lists.get(i).length;
      method.append(TorchScript.fill(", p%ss: List[int]", i));
      step.append(
          TorchScript.fill(
              "      p%s = torch.slice(p%ss, torch.mul(i, %s), torch.mul(torch.add(i, 1), %s))\n",
              i, i, each, each));
    }
    step.append(TorchScript.fill("      %s = %s\n", FIRST, body));
    step.append(TorchScript.fill("      _0 = torch.append(made, %s)\n", FIRST));
    for (String each : more) {
      step.append(TorchScript.fill("      _0 = torch.append(made, %s)\n", each));
    }
    method
        .append(") -> List[Tensor]:\n    made = annotate(List[Tensor], [])\n")
        .append(TorchScript.fill("    for i in range(torch.len(%ss)):\n", inputName(0)))
        .append(step)
        .append("    return made\n");
    String name = names.computeIfAbsent(method.toString(), this::print);
    return new Call(name, 1 + more.length, lists);
  }

  private String print(String method) {
    String name = "make" + names.size();
    source.append("  def ").append(name).append(method);
    return name;
  }

  /** {@return the expression with its lists of integers replaced by parameters} */
  private static String withoutLists(String expression, List<long[]> lists) {
    StringBuilder rest = new StringBuilder(expression.length());
    int from = 0;
    for (int open = expression.indexOf('['); open >= 0; open = expression.indexOf('[', open + 1)) {
      int close = expression.indexOf(']', open);
      long[] integers = integers(expression.substring(open + 1, close));
      if (integers != null) {
        rest.append(expression, from, open).append('p').append(lists.size());
        lists.add(integers);
        from = close + 1;
      }
    }
    return rest.append(expression, from, expression.length()).toString();
  }

  /** {@return the elements of a list, or null if they are not integers} */
  private static long @Nullable [] integers(String list) {
    long[] integers = new long[list.length()];
    int count = 0;
    for (int from = 0; from <= list.length(); count++) {
      int comma = list.indexOf(", ", from);
      int to = comma < 0 ? list.length() : comma;
      boolean isNumber = from < to;
      for (int i = from; i < to; i++) {
        char c = list.charAt(i);
        isNumber &= (c >= '0' && c <= '9') || (c == '-' && i == from && to > from + 1);
      }
      if (!isNumber) {
        return null;
      }
      integers[count] = Long.parseLong(list, from, to, 10);
      from = to + 2;
    }
    return Arrays.copyOf(integers, count);
  }

  /** {@return the loaded program} */
  ScriptModule load(NDManager manager) {
    return ScriptModule.load(manager, source.toString());
  }
}
