package ai.irmb.spec;

/** Text out of a file, made fit for a message: quoted, escaped, cut at 80 characters. */
final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c) || (Character.isSurrogate(c) && !paired(text, i))) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }

  private static boolean paired(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
