package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * A step that is one expression.
 *
 * @param format with a {@code %s} for each input, then for each weight
 * @param weights bound as a column over the channels, (1, C, 1, 1), where {@code column}, else as
 *     they are
 * @param column whether weights are bound as columns
 * @param allocates false for a view of an input
 */
record Expression(String format, List<Weight> weights, boolean column, boolean allocates)
    implements Instruction {
  /** {@return a step that makes a new array} */
  static Expression of(String format, Object... constants) {
    return new Expression(filled(format, constants), List.of(), false, true);
  }

  /** {@return a step that looks at its input in another way} */
  static Expression view(String format, Object... constants) {
    return new Expression(filled(format, constants), List.of(), false, false);
  }

  /** {@return a step that also reads weights, as they are} */
  static Expression with(List<Weight> weights, String format, Object... constants) {
    return new Expression(filled(format, constants), weights, false, true);
  }

  /** {@return a step that also reads weights, one number a channel} */
  static Expression withColumns(List<Weight> weights, String format, Object... constants) {
    return new Expression(filled(format, constants), weights, true, true);
  }

  /** Fills {@code {}} with the constants in order and leaves each %s alone. */
  private static String filled(String format, Object... constants) {
    return TorchScript.fillHoles("{}", format, constants);
  }

  @Override
  public void print(InstructionPrinter out) {
    List<Object> names = new ArrayList<>(out.inputs());
    for (Weight weight : weights) {
      names.add(
          out.weight(
              column ? WeightExpression.perChannel(weight) : WeightExpression.unchanged(weight)));
    }
    out.result(TorchScript.fill(format, names.toArray()));
  }
}
