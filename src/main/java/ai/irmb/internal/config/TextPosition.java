package ai.irmb.internal.config;

/**
 * Where in a text something stands. Immutable.
 *
 * @param line from 1; 0 when the value did not come from a text
 * @param column from 1; 0 likewise
 */
public record TextPosition(int line, int column) {
  /** For values that did not come from a text. */
  public static final TextPosition NONE = new TextPosition(0, 0);

  /** {@return the source with the place behind it, {@code model.yaml:39:13}} */
  public String in(String source) {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
