package ai.irmb.internal.text;

import ai.irmb.internal.error.Quoting;

/** Text in the cells of a CSV table (RFC 4180). */
public final class CsvText {
  /** The end of a row. */
  public static final String END = "\r\n";

  /** The first characters of a formula, also in full width, which some spreadsheets accept. */
  private static final String FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";

  private CsvText() {}

  /**
   * {@return a text as a cell: control characters are escaped, and an apostrophe precedes what a
   * spreadsheet would run as a formula}
   */
  public static String cell(String text) {
    String escaped = Quoting.escape(text);
    String trimmed = escaped.strip();
    boolean isFormula = !trimmed.isEmpty() && FORMULA.indexOf(trimmed.charAt(0)) >= 0;
    String harmless = isFormula ? "'" + escaped : escaped;
    return harmless.chars().noneMatch(c -> c == '"' || c == ',' || c == ';')
        ? harmless
        : '"' + harmless.replace("\"", "\"\"") + '"';
  }
}
