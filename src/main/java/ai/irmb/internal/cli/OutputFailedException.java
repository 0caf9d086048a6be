package ai.irmb.internal.cli;

/**
 * Standard output or standard error cannot be written, often because nobody reads it any more. Ends
 * the command at once; {@link StandardStream} knows the reason.
 */
final class OutputFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputFailedException() {
    super("the output cannot be written");
  }
}
