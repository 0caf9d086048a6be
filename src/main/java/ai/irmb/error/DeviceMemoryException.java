package ai.irmb.error;

/**
 * Thrown if the memory of the device does not suffice for the network on a single image. The
 * message names the image size, the free memory where the engine says it, and the remedies. The
 * detector can still be used, with a smaller image or when other programs have freed memory.
 */
public final class DeviceMemoryException extends InferenceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the engine's exception
   */
  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
