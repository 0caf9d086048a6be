package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** Thrown if an image cannot be read or exceeds a limit. */
public final class ImageException extends IrmbException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   */
  public ImageException(String message) {
    super(message, null);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
