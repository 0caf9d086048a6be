package ai.irmb.internal.error;

/** Text out of a file, made fit for an error message: quoted, escaped, cut at 80 characters. */
public final class Quoting {
  private static final int LONGEST = 80;
  private static final int LONGEST_SENTENCE = 2000;

  private Quoting() {}

  /** {@return the text in double quotes; what a terminal might act upon is escaped} */
  public static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    int shown = Math.min(text.length(), LONGEST);
    for (int i = 0; i < shown; i++) {
      append(out, text.charAt(i));
    }
    return out.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }

  /** {@return a dotted name without quotes, escaped and cut in the same way} */
  public static String name(String text) {
    if (isPlain(text)) {
      return text;
    }
    String quoted = of(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** Nearly all names are, and most of them are asked for before anything is wrong. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return text.length() <= LONGEST;
  }

  /** {@return a whole message on one line, with what a terminal might act upon escaped, cut} */
  public static String sentence(String text) {
    StringBuilder out = new StringBuilder();
    int shown = Math.min(text.length(), LONGEST_SENTENCE);
    for (int i = 0; i < shown; i++) {
      appendSafely(out, text.charAt(i));
    }
    return out.append(shown < text.length() ? "…" : "").toString();
  }

  private static void append(StringBuilder out, char c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else {
      appendSafely(out, c);
    }
  }

  private static void appendSafely(StringBuilder out, char c) {
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
