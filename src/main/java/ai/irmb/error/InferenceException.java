package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** The engine is missing, cannot be used as asked, or failed while it ran. */
public final class InferenceException extends IrmbException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public InferenceException(String message) {
    super(message, null);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause what was thrown underneath, or null
   */
  public InferenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
