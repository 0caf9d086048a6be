package ai.irmb.error;

import ai.irmb.internal.error.Quoting;
import org.jspecify.annotations.Nullable;

/**
 * The base of all exceptions for faulty files and for failures of the engine.
 *
 * <p>The message is one sentence: the file, the place in it, what was found, what was expected, and
 * what to do. Programming errors of the caller are {@link IllegalArgumentException} and {@link
 * IllegalStateException} instead.
 */
public abstract sealed class IrmbException extends RuntimeException
    permits ModelConfigException,
        WeightsException,
        ImageException,
        InferenceException,
        DatasetException {
  private static final long serialVersionUID = 1L;

  /** Escapes control characters, since parts of a message may come from an untrusted file. */
  IrmbException(String message, @Nullable Throwable cause) {
    super(Quoting.escapeMessage(message), cause);
  }
}
