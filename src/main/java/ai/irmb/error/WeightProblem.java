package ai.irmb.error;

/** One parameter of a state dict that does not fit the network. Immutable. */
public sealed interface WeightProblem {
  /** {@return the parameter's PyTorch key, such as {@code model.0.conv.weight}} */
  String key();

  /**
   * The network needs it and the file does not have it.
   *
   * @param key the parameter's PyTorch key
   * @param expected its shape, written {@code (32, 3, 6, 6)}
   */
  record Missing(String key, String expected) implements WeightProblem {}

  /**
   * The file has it and the network has no place for it.
   *
   * @param key the parameter's PyTorch key
   * @param found its shape, written {@code (32, 3, 6, 6)}
   */
  record Unexpected(String key, String found) implements WeightProblem {}

  /**
   * The file's shape is not the network's.
   *
   * @param key the parameter's PyTorch key
   * @param found the shape in the file
   * @param expected the shape that the network needs
   */
  record ShapeMismatch(String key, String found, String expected) implements WeightProblem {}
}
