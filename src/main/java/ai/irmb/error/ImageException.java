package ai.irmb.error;

import org.jspecify.annotations.Nullable;

/** An image cannot be read, or is larger than the limits allow. */
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
   * @param cause what was thrown underneath, or null
   */
  public ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
