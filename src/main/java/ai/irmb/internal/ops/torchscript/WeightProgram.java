package ai.irmb.internal.ops.torchscript;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program that computes weights, many per call. Computations that differ only in lists of
 * integers (shapes, strides) share a method, with the lists as parameters: loading and calling a
 * program is expensive, and a network has a hundred weights that are prepared in a handful of ways
 * (docs/decisions/grouped-weights.md).
 */
final class WeightProgram {
  /** Bounds the memory for the inputs, which exist beside the results. */
  private static final int MAX_ELEMENTS_PER_CALL = 1 << 20;

  private final Map<String, String> names = new LinkedHashMap<>();
  private final StringBuilder source = new StringBuilder();
  private final List<Job> jobs = new ArrayList<>();

  /**
   * One computation.
   *
   * @param method that does it
   * @param lists the lists of integers; equally long in all jobs of a method
   * @param inputs makes the operands, owned by a manager or by somebody else
   * @param elements of the operands
   * @param result receives the result
   */
  private record Job(
      String method,
      List<long[]> lists,
      Function<NDManager, PtNDArray[]> inputs,
      long elements,
      Consumer<PtNDArray> result) {}

  /** {@return the variable of an input} */
  static String inputName(int index) {
    return "w" + index;
  }

  /**
   * Adds a computation.
   *
   * @param expression of the inputs
   * @param inputs makes the operands; what the given manager owns is closed after the computation
   * @param count number of operands
   * @param elements of the operands
   * @param result receives the result
   */
  void add(
      String expression,
      Function<NDManager, PtNDArray[]> inputs,
      int count,
      long elements,
      Consumer<PtNDArray> result) {
    List<long[]> lists = new ArrayList<>();
    String body = withoutLists(expression, lists);
    StringBuilder method = new StringBuilder("(__self__");
    StringBuilder step = new StringBuilder();
    for (int i = 0; i < count; i++) {
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
    method
        .append(") -> List[Tensor]:\n    made = annotate(List[Tensor], [])\n")
        .append(TorchScript.fill("    for i in range(torch.len(%ss)):\n", inputName(0)))
        .append(step)
        .append(TorchScript.fill("      _0 = torch.append(made, %s)\n", body))
        .append("    return made\n");
    String name = names.computeIfAbsent(method.toString(), this::print);
    jobs.add(new Job(name, lists, inputs, elements, result));
  }

  /** {@return the source, after all computations were added} */
  String source() {
    return source.toString();
  }

  /**
   * Does all computations.
   *
   * @param module loaded from the {@link #source}
   * @param owner of the results
   */
  void run(ScriptModule module, NDManager owner) {
    for (List<Job> group : groups()) {
      try (NDManager scratch = owner.newSubManager()) {
        List<PtNDArray[]> inputs = group.stream().map(job -> job.inputs().apply(scratch)).toList();
        PtNDArray[] results = run(module, owner, group, inputs);
        for (int i = 0; i < results.length; i++) {
          group.get(i).result().accept(results[i]);
        }
      }
    }
  }

  /** {@return the jobs in groups of one method each, bounded in elements} */
  private List<List<Job>> groups() {
    Map<String, List<Job>> open = new LinkedHashMap<>();
    Map<String, Long> sizes = new HashMap<>();
    List<List<Job>> groups = new ArrayList<>();
    for (Job job : jobs) {
      List<Job> group = open.computeIfAbsent(job.method(), m -> new ArrayList<>());
      group.add(job);
      if (sizes.merge(job.method(), job.elements(), Long::sum) >= MAX_ELEMENTS_PER_CALL) {
        groups.add(group);
        open.remove(job.method());
        sizes.remove(job.method());
      }
    }
    groups.addAll(open.values());
    return groups;
  }

  private static PtNDArray[] run(
      ScriptModule module, NDManager owner, List<Job> group, List<PtNDArray[]> inputs) {
    List<IValue> arguments = new ArrayList<>();
    try {
      for (int k = 0; k < inputs.get(0).length; k++) {
        PtNDArray[] all = new PtNDArray[inputs.size()];
        for (int i = 0; i < all.length; i++) {
          all[i] = inputs.get(i)[k];
        }
        arguments.add(IValue.listFrom(all));
      }
      for (int k = 0; k < group.get(0).lists().size(); k++) {
        int each = group.get(0).lists().get(k).length;
        long[] all = new long[group.size() * each];
        for (int i = 0; i < group.size(); i++) {
          System.arraycopy(group.get(i).lists().get(k), 0, all, i * each, each);
        }
        arguments.add(IValue.listFrom(all));
      }
      return module.run(owner, group.get(0).method(), arguments.toArray(new IValue[0]));
    } finally {
      arguments.forEach(IValue::close);
    }
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
}
