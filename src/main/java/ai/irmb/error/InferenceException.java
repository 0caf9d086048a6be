package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the engine is missing, does not support the requested options, or fails at run time.
 */
public sealed class InferenceException extends IrmbException permits DeviceMemoryException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public InferenceException(String message) {
    super(message, null);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public InferenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
