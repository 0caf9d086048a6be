package ai.irmb.internal.ops.torchscript;

/**
 * Thrown if the engine rejects a generated program, because it or the processor lacks an operator.
 * The eager interpretation still works; whoever catches this logs it once.
 */
public final class ScriptRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was refused
   * @param cause the engine's exception
   */
  public ScriptRefusedException(String message, Throwable cause) {
    super(message + ": " + firstLine(cause), cause);
  }

  private static String firstLine(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
