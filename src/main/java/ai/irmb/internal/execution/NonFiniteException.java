package ai.irmb.internal.execution;

/** Thrown if a type narrower than single precision computed NaN or infinity. */
final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NonFiniteException() {
    super("NaN or infinity among the network's results");
  }
}
