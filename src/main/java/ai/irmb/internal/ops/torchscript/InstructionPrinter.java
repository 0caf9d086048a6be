package ai.irmb.internal.ops.torchscript;

import java.util.List;
import java.util.function.Consumer;

/** The output of one instruction: names of its operands, and the statements printed so far. */
final class InstructionPrinter {
  private final Symbol symbol;
  private final String name;
  private final List<String> inputs;
  private final List<Boolean> overwritable;
  private final Backend backend;
  private final WeightList weights;
  private final StringBuilder text;
  private int temporaries;
  private String indentation = "    ";

  InstructionPrinter(
      Symbol symbol,
      String name,
      List<String> inputs,
      List<Boolean> overwritable,
      Backend backend,
      WeightList weights,
      StringBuilder text) {
    this.symbol = symbol;
    this.name = name;
    this.inputs = inputs;
    this.overwritable = overwritable;
    this.backend = backend;
    this.weights = weights;
    this.text = text;
  }

  /** {@return the value that the statements compute} */
  Symbol symbol() {
    return symbol;
  }

  /** {@return the names of the inputs} */
  List<String> inputs() {
    return inputs;
  }

  /** {@return the name of an input} */
  String input(int index) {
    return inputs.get(index);
  }

  /** {@return whether an input has memory of its own that nothing reads after this instruction} */
  boolean canOverwrite(int index) {
    return overwritable.get(index);
  }

  /** {@return the backend that the program is for} */
  Backend backend() {
    return backend;
  }

  /** {@return the expression for prepared weights} */
  String weight(WeightExpression expression) {
    return "w[" + weights.indexOf(expression) + "]";
  }

  /** Prints the assignment of the value. */
  void result(String expression) {
    assign(name, expression);
  }

  /** {@return a new variable with the value of the expression} */
  String let(String expression) {
    String temporary = name + "_" + temporaries++;
    assign(temporary, expression);
    return temporary;
  }

  /** {@return a new variable with the value of one of two expressions, depending on a condition} */
  String ifElse(String condition, String then, String otherwise) {
    String temporary = name + "_" + temporaries++;
    text.append(indentation).append("if bool(").append(condition).append("):\n  ");
    assign(temporary, then);
    text.append(indentation).append("else:\n  ");
    assign(temporary, otherwise);
    return temporary;
  }

  /**
   * Prints a loop.
   *
   * @param times how often the body runs, an integer expression
   * @param body prints the statements, and is given the variable that counts from 0
   */
  void loop(String times, Consumer<String> body) {
    String index = name + "_" + temporaries++;
    text.append(indentation).append("for ").append(index).append(" in range(").append(times);
    text.append("):\n");
    String outside = indentation;
    indentation = outside + "  ";
    body.accept(index);
    indentation = outside;
  }

  private void assign(String target, String expression) {
    text.append(indentation).append(target).append(" = ").append(expression).append('\n');
  }
}
