package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation of the graph, without its operands: it computes the value of one {@link Symbol} from
 * the values of others. Immutable.
 *
 * <p>Instructions of a few lines are nested here; the others have files of their own.
 */
sealed interface Instruction
    permits Convolution,
        FromWindows,
        Instruction.Activate,
        Instruction.Channels,
        Instruction.Concat,
        Instruction.Expression,
        Instruction.Image,
        Instruction.ScaleShift,
        Instruction.Sum,
        ToWindows,
        WindowAttention {
  /** Prints the statements that compute the value. */
  void print(InstructionPrinter out);

  /** {@return whether the value has memory of its own, so that its only user may overwrite it} */
  default boolean allocates() {
    return true;
  }

  /** The argument of the program: the image, in the type and memory format of the feature maps. */
  record Image() implements Instruction {
    @Override
    public void print(InstructionPrinter out) {
      out.result("x");
    }

    @Override
    public boolean allocates() {
      return false;
    }
  }

  /** The concatenation of the inputs along an axis. */
  record Concat(int axis) implements Instruction {
    @Override
    public void print(InstructionPrinter out) {
      out.result("torch.cat([" + String.join(", ", out.inputs()) + "], " + axis + ")");
    }
  }

  /** A view of consecutive channels. */
  record Channels(int from, int length) implements Instruction {
    @Override
    public void print(InstructionPrinter out) {
      out.result(TorchScript.narrow(out.input(0), 1, from, length));
    }

    @Override
    public boolean allocates() {
      return false;
    }
  }

  /** The sum of two values of one shape, in place if nothing else uses one of them. */
  record Sum() implements Instruction {
    @Override
    public void print(InstructionPrinter out) {
      String a = out.input(0);
      String b = out.input(1);
      if (out.canOverwrite(1)) {
        out.result("torch.add_(" + b + ", " + a + ")");
      } else if (out.canOverwrite(0)) {
        out.result("torch.add_(" + a + ", " + b + ")");
      } else {
        out.result("torch.add(" + a + ", " + b + ")");
      }
    }
  }

  /** An activation that no convolution includes, in place if nothing else uses the input. */
  record Activate(Activation activation) implements Instruction {
    @Override
    public void print(InstructionPrinter out) {
      out.result(Activations.call(out, out.input(0), activation, out.canOverwrite(0)));
    }
  }

  /** {@code x · scale + shift}, with one scale and one shift per channel. */
  record ScaleShift(Weight scale, Weight shift) implements Instruction {
    /** {@return scale, then shift} */
    List<Weight> weights() {
      return List.of(scale, shift);
    }

    @Override
    public void print(InstructionPrinter out) {
      out.result(
          TorchScript.call(
              "torch.addcmul",
              out.weight(WeightExpression.perChannel(shift)),
              out.input(0),
              out.weight(WeightExpression.perChannel(scale))));
    }
  }

  /**
   * A single expression.
   *
   * @param format with a {@code %s} for each input, then for each weight
   * @param weights in their own shapes
   * @param allocates false for a view of an input
   */
  record Expression(String format, List<Weight> weights, boolean allocates) implements Instruction {
    /** {@return an expression that creates an array} */
    static Expression of(String format) {
      return new Expression(format, List.of(), true);
    }

    /** {@return an expression whose value is a view of its input} */
    static Expression view(String format) {
      return new Expression(format, List.of(), false);
    }

    /** {@return an expression that creates an array from the inputs and these weights} */
    static Expression with(List<Weight> weights, String format) {
      return new Expression(format, weights, true);
    }

    @Override
    public void print(InstructionPrinter out) {
      List<Object> names = new ArrayList<>(out.inputs());
      for (Weight weight : weights) {
        names.add(out.weight(WeightExpression.unchanged(weight)));
      }
      out.result(TorchScript.fill(format, names.toArray()));
    }
  }
}
