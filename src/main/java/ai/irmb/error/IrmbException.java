package ai.irmb.error;

import ai.irmb.internal.error.Quoting;
import org.jspecify.annotations.Nullable;

/**
 * Something that the library was given, or the engine below it, is not as it has to be.
 *
 * <p>The message is one sentence for a person: which file, where in it, what was found, what was
 * expected, what to do. Mistakes of the caller's own code are {@link IllegalArgumentException} and
 * {@link IllegalStateException} instead.
 */
public abstract sealed class IrmbException extends RuntimeException
    permits ModelConfigException,
        WeightsException,
        ImageException,
        InferenceException,
        DatasetException {
  private static final long serialVersionUID = 1L;

  /** Escapes what a terminal might act upon, since much of a message may come from a file. */
  IrmbException(String message, @Nullable Throwable cause) {
    super(Quoting.escapeMessage(message), cause);
  }
}
