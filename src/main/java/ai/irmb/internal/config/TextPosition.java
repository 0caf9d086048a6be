package ai.irmb.internal.config;

/**
 * A line and column in a text. Immutable.
 *
 * @param line from 1; 0 if the value was not read from text
 * @param column from 1; 0 if the value was not read from text
 */
public record TextPosition(int line, int column) {
  /** The position of values that were not read from text. */
  public static final TextPosition NONE = new TextPosition(0, 0);

  /** {@return the source followed by the position: {@code model.yaml:39:13}} */
  public String in(String source) {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
