package ai.irmb.spring;

import java.time.Duration;

/** Thrown if a call is refused because too many others are in progress. */
public final class OverloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  OverloadException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** {@return the time after which the client should try again} */
  public Duration retryAfter() {
    return retryAfter;
  }
}
