package ai.irmb.error;

/**
 * A parameter that does not fit the network, as PyTorch's {@code load_state_dict} reports it.
 * Immutable.
 */
public sealed interface WeightProblem {
  /** {@return the parameter's PyTorch key, such as {@code model.0.conv.weight}} */
  String key();

  /**
   * A parameter of the network that the file does not have.
   *
   * @param key the parameter's PyTorch key
   * @param expected its shape, written {@code (32, 3, 6, 6)}
   */
  record Missing(String key, String expected) implements WeightProblem {}

  /**
   * A parameter of the file that the network does not have.
   *
   * @param key the parameter's PyTorch key
   * @param found its shape, written {@code (32, 3, 6, 6)}
   */
  record Unexpected(String key, String found) implements WeightProblem {}

  /**
   * A parameter whose shape in the file differs from the network's.
   *
   * @param key the parameter's PyTorch key
   * @param found the shape in the file
   * @param expected the shape that the network needs
   */
  record ShapeMismatch(String key, String found, String expected) implements WeightProblem {}
}
