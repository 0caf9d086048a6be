package ai.irmb.internal.error;

/** Quotes and escapes untrusted text for error messages, and truncates it. */
public final class Quoting {
  private static final int MAX_LENGTH = 80;
  private static final int MAX_MESSAGE_LENGTH = 2000;

  private Quoting() {}

  /**
   * {@return the text in double quotes, with control characters escaped, truncated to 80
   * characters}
   */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    int shown = Math.min(text.length(), MAX_LENGTH);
    for (int i = 0; i < shown; i++) {
      append(out, text.charAt(i));
    }
    return out.append(text.length() > MAX_LENGTH ? "…\"" : "\"").toString();
  }

  /** {@return the text without quotes, escaped and truncated in the same way} */
  public static String escapeName(String text) {
    if (needsNoEscaping(text)) {
      return text;
    }
    String quoted = quote(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** {@return whether the text can be used as it is, as nearly all names can} */
  private static boolean needsNoEscaping(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /**
   * {@return a message on one line, with control characters escaped, truncated to 2000 characters}
   */
  public static String escapeMessage(String text) {
    StringBuilder out = new StringBuilder();
    int shown = Math.min(text.length(), MAX_MESSAGE_LENGTH);
    for (int i = 0; i < shown; i++) {
      appendEscapingControls(out, text.charAt(i));
    }
    return out.append(shown < text.length() ? "…" : "").toString();
  }

  private static void append(StringBuilder out, char c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else {
      appendEscapingControls(out, c);
    }
  }

  private static void appendEscapingControls(StringBuilder out, char c) {
    if (Character.isISOControl(c)
        || Character.isSurrogate(c)
        || Character.getType(c) == Character.FORMAT
        || c == '\u2028'
        || c == '\u2029') {
      out.append(String.format("\\u%04x", (int) c));
    } else {
      out.append(c);
    }
  }
}
