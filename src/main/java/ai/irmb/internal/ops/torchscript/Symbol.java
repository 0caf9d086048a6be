package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of the program: the instruction that computes it, and the inputs of the instruction.
 *
 * <p>Equality is identity. Immutable, but belongs to one {@link ScriptOps}.
 */
public final class Symbol {
  private final Instruction instruction;
  private final List<Symbol> inputs;
  private final Shape shape;
  private final @Nullable Windows windows;

  /**
   * @param shape the logical shape, (N, C, H, W), also if the array is partitioned into windows
   * @param windows layout of the array, or null for an ordinary map
   */
  Symbol(Instruction instruction, List<Symbol> inputs, Shape shape, @Nullable Windows windows) {
    this.instruction = requireNonNull(instruction, "instruction");
    this.inputs = List.copyOf(inputs);
    this.shape = requireNonNull(shape, "shape");
    this.windows = windows;
  }

  /** {@return the sizes, (N, C, H, W)} */
  public Shape shape() {
    return shape;
  }

  /** {@return the instruction that computes the value} */
  Instruction instruction() {
    return instruction;
  }

  /** {@return the inputs of the instruction, in its order} */
  List<Symbol> inputs() {
    return inputs;
  }

  /** {@return the layout in windows, or null for an ordinary map} */
  @Nullable Windows windows() {
    return windows;
  }

  /** {@return a size of the shape} */
  int size(int axis) {
    return (int) shape.get(axis);
  }

  /** {@return the same instruction on other inputs} */
  Symbol withInputs(List<Symbol> newInputs) {
    return newInputs.equals(inputs) ? this : new Symbol(instruction, newInputs, shape, windows);
  }

  @Override
  public String toString() {
    return instruction + shape.toString();
  }
}
