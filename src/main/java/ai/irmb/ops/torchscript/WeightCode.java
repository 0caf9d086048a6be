package ai.irmb.ops.torchscript;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Methods that each make arrays of a few others. Those that differ in nothing but lists of integers
 * are one method, which is handed the lists: the engine is slow to read a program, and a network
 * has a hundred weights that are treated in a handful of ways.
 */
final class WeightCode {
  private static final Pattern INTEGERS = Pattern.compile("\\[(-?[0-9]+(?:, -?[0-9]+)*)]");

  /** The name of the first result within the expressions of the others. */
  static final String FIRST = "y";

  private final Map<String, String> names = new LinkedHashMap<>();
  private final StringBuilder source = new StringBuilder();

  /** {@return the name of an input within an expression} */
  static String input(int index) {
    return "w" + index;
  }

  /**
   * One use of a method.
   *
   * @param method its name
   * @param lists what it is handed beside the inputs
   */
  record Call(String method, List<long[]> lists) {
    /** {@return the arrays that it makes; the owner's} */
    PtNDArray[] run(ScriptModule module, NDManager owner, PtNDArray... inputs) {
      List<IValue> arguments = new ArrayList<>();
      try {
        for (PtNDArray input : inputs) {
          arguments.add(IValue.from(input));
        }
        for (long[] list : lists) {
          arguments.add(IValue.listFrom(list));
        }
        return module.run(owner, method, arguments.toArray(IValue[]::new));
      } finally {
        arguments.forEach(IValue::close);
      }
    }
  }

  /**
   * {@return how to get the results}
   *
   * @param inputs how many there are
   * @param first expression of the inputs
   * @param more expressions of the inputs and of {@link #FIRST}
   */
  Call add(int inputs, String first, String... more) {
    List<long[]> lists = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    Matcher matcher = INTEGERS.matcher(first);
    while (matcher.find()) {
      matcher.appendReplacement(body, "p" + lists.size());
      lists.add(integers(matcher.group(1)));
    }
    matcher.appendTail(body);
    StringBuilder method = new StringBuilder("(__self__");
    for (int i = 0; i < inputs; i++) {
      method.append(", ").append(input(i)).append(": Tensor");
    }
    for (int i = 0; i < lists.size(); i++) {
      method.append(", p").append(i).append(": List[int]");
    }
    method.append(") -> List[Tensor]:\n    ").append(FIRST).append(" = ").append(body);
    method.append("\n    return [").append(FIRST);
    for (String each : more) {
      method.append(", ").append(each);
    }
    method.append("]\n");
    String name = names.computeIfAbsent(method.toString(), this::print);
    return new Call(name, lists);
  }

  private String print(String method) {
    String name = "make" + names.size();
    source.append("  def ").append(name).append(method);
    return name;
  }

  private static long[] integers(String list) {
    String[] parts = list.split(", ", -1);
    long[] integers = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      integers[i] = Long.parseLong(parts[i]);
    }
    return integers;
  }

  /** {@return all methods, ready to be called} */
  ScriptModule load(NDManager manager) {
    return ScriptModule.load(manager, source.toString());
  }
}
