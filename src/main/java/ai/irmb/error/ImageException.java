package ai.irmb.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Thrown if an image cannot be read or exceeds a limit. */
public final class ImageException extends IrmbException {
  private static final long serialVersionUID = 1L;

  /** The reason why an image was refused, for applications that respond differently to each. */
  public enum Reason {
    /** The image's data is truncated or wrong. */
    DAMAGED,
    /** The file has no supported image format, or uses an unsupported feature of one. */
    UNSUPPORTED,
    /** The image is larger or more complex than the {@link ai.irmb.limit.Limits} permit. */
    LIMIT_EXCEEDED,
    /** The memory that is free in this JVM does not suffice at present. */
    OUT_OF_MEMORY
  }

  private final Reason reason;

  /**
   * Creates an exception about a damaged image.
   *
   * @param message one sentence: where, what was found, what was expected
   */
  public ImageException(String message) {
    this(message, (Throwable) null);
  }

  /**
   * Creates an exception about a damaged image.
   *
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   */
  public ImageException(String message, @Nullable Throwable cause) {
    this(message, cause, Reason.DAMAGED);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param reason why the image was refused
   */
  public ImageException(String message, Reason reason) {
    this(message, null, reason);
  }

  /**
   * @param message one sentence: where, what was found, what was expected
   * @param cause the underlying exception, or null
   * @param reason why the image was refused
   */
  public ImageException(String message, @Nullable Throwable cause, Reason reason) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /** {@return why the image was refused} */
  public Reason reason() {
    return reason;
  }
}
