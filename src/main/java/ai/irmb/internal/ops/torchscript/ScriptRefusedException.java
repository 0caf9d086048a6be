package ai.irmb.internal.ops.torchscript;

/**
 * The engine does not take a generated program: it lacks an operator, or the processor does. The
 * eager interpretation can still do the work; whoever catches this says so once.
 */
public final class ScriptRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was refused
   * @param cause what the engine said
   */
  public ScriptRefusedException(String message, Throwable cause) {
    super(message + ": " + firstLine(cause), cause);
  }

  private static String firstLine(Throwable cause) {
    String said = String.valueOf(cause.getMessage()).strip();
    int end = said.indexOf('\n');
    return end < 0 ? said : said.substring(0, end);
  }
}
