package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** A model YAML, or the network that it describes, is not one that can be built. */
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
   * @param cause what was thrown underneath, or null
   */
  public ModelConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
