package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of the program: the step that makes it and the values that the step reads.
 *
 * <p>Equality is identity. Immutable, but belongs to one {@link ScriptOps}.
 */
public final class Symbol {
  private final Instruction instruction;
  private final List<Symbol> inputs;
  private final Shape shape;
  private final @Nullable Windows windows;

  /**
   * @param shape the logical one, (N, C, H, W), also where the array is cut into windows
   * @param windows how the array is cut, or null for an ordinary map
   */
  Symbol(Instruction step, List<Symbol> inputs, Shape shape, @Nullable Windows windows) {
    this.instruction = requireNonNull(step, "step");
    this.inputs = List.copyOf(inputs);
    this.shape = requireNonNull(shape, "shape");
    this.windows = windows;
  }

  /** {@return the sizes, (N, C, H, W)} */
  public Shape shape() {
    return shape;
  }

  /** {@return what makes the value} */
  Instruction instruction() {
    return instruction;
  }

  /** {@return what the step reads, in its order} */
  List<Symbol> inputs() {
    return inputs;
  }

  /** {@return how the array is cut into windows, or null for an ordinary map} */
  @Nullable Windows windows() {
    return windows;
  }

  /** {@return a size of the shape} */
  int size(int axis) {
    return (int) shape.get(axis);
  }

  /** {@return the same value made of other symbols} */
  Symbol withInputs(List<Symbol> newInputs) {
    return newInputs.equals(inputs) ? this : new Symbol(instruction, newInputs, shape, windows);
  }

  @Override
  public String toString() {
    return instruction + shape.toString();
  }
}
