package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** Thrown if a dataset's YAML or one of its label files is malformed or does not fit the model. */
public final class DatasetException extends IrmbException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public DatasetException(String message) {
    super(message, null);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public DatasetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
