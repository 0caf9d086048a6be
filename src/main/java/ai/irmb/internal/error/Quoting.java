package ai.irmb.internal.error;

/**
 * Escapes untrusted text for terminals, logs, tables and error messages; also quotes and truncates
 * it. The only place that decides what is escaped.
 */
public final class Quoting {
  private static final int MAX_LENGTH = 80;
  private static final int MAX_MESSAGE_LENGTH = 2000;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private Quoting() {}

  /**
   * {@return whether a character is escaped: it controls a terminal, breaks the line, changes the
   * direction of text, is invisible or unknown, or is half of a surrogate pair}
   *
   * <p>Joiners are not escaped, because Indic, Arabic and emoji texts need them.
   */
  public static boolean mustEscape(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> codePoint != ZERO_WIDTH_NON_JOINER && codePoint != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }

  /** {@return the text on one line, escaped} */
  public static String escape(String text) {
    return escape(text, text.length(), false);
  }

  /**
   * {@return the text in double quotes, escaped, truncated to 80 characters; quotes and backslashes
   * are escaped too}
   */
  public static String quote(String text) {
    return '"' + escapeAndTruncate(text, MAX_LENGTH, true) + '"';
  }

  /** {@return the text without quotes, escaped and truncated in the same way} */
  public static String escapeName(String text) {
    return escapeAndTruncate(text, MAX_LENGTH, true);
  }

  /** {@return a message on one line, escaped, truncated to 2000 characters} */
  public static String escapeMessage(String text) {
    return escapeAndTruncate(text, MAX_MESSAGE_LENGTH, false);
  }

  private static String escapeAndTruncate(String text, int max, boolean isQuoted) {
    return text.length() <= max
        ? escape(text, text.length(), isQuoted)
        : escape(text, wholeCharacters(text, max), isQuoted) + "…";
  }

  /** {@return at most this many chars of the text, without half of a surrogate pair at the end} */
  private static int wholeCharacters(String text, int max) {
    boolean splits =
        Character.isHighSurrogate(text.charAt(max - 1))
            && Character.isLowSurrogate(text.charAt(max));
    return splits ? max - 1 : max;
  }

  private static String escape(String text, int end, boolean isQuoted) {
    StringBuilder out = new StringBuilder(end + 2);
    for (int i = 0; i < end; ) {
      int c = text.codePointAt(i);
      if (mustEscape(c)) {
        appendEscaped(out, c);
      } else if (isQuoted && (c == '"' || c == '\\')) {
        out.append('\\').append((char) c);
      } else {
        out.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** Appends a character as Java and JSON escape it. */
  public static void appendEscaped(StringBuilder out, int codePoint) {
    for (char c : Character.toChars(codePoint)) {
      out.append(String.format("\\u%04x", (int) c));
    }
  }
}
