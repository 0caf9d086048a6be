package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** Where a step prints itself: the names it may use and the lines it has printed so far. */
final class InstructionPrinter {
  private final Symbol symbol;
  private final String name;
  private final List<String> inputs;
  private final List<Boolean> overwritable;
  private final Backend backend;
  private final WeightList weights;
  private final StringBuilder text;
  private int temporaries;

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

  /** {@return the value that is being made} */
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

  /** {@return whether an input's memory is its own and nothing reads it after this step} */
  boolean canOverwrite(int index) {
    return overwritable.get(index);
  }

  /** {@return what the program is printed for} */
  Backend backend() {
    return backend;
  }

  /** {@return the expression that gives prepared weights} */
  String weight(WeightExpression preparation) {
    return "w[" + weights.indexOf(preparation) + "]";
  }

  /** Prints the statement that gives the value its name. */
  void result(String expression) {
    assign(name, expression);
  }

  /** {@return a new name for what the expression gives} */
  String let(String expression) {
    String temporary = name + "_" + temporaries++;
    assign(temporary, expression);
    return temporary;
  }

  /** {@return a new name for what one of two expressions gives, as a third one says} */
  String ifElse(String condition, String then, String otherwise) {
    String temporary = name + "_" + temporaries++;
    text.append("    if bool(").append(condition).append("):\n  ");
    assign(temporary, then);
    text.append("    else:\n  ");
    assign(temporary, otherwise);
    return temporary;
  }

  private void assign(String target, String expression) {
    text.append("    ").append(target).append(" = ").append(expression).append('\n');
  }
}
