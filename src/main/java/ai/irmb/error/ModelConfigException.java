package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** Thrown if a model YAML is malformed or describes a network that cannot be built. */
public final class ModelConfigException extends IrmbException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public ModelConfigException(String message) {
    super(message, null);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public ModelConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
