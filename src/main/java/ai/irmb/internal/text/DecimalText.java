package ai.irmb.internal.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Recognizes and writes decimal numbers. Each character is read a fixed number of times, while a
 * regular expression with optional parts backtracks, in quadratic time on a long run of digits.
 */
public final class DecimalText {
  /** Significant digits of C's {@code %g}. */
  private static final int DIGITS = 6;

  private DecimalText() {}

  /** {@return a number as C's {@code %g} writes it} */
  public static String general(double value) {
    BigDecimal exact = new BigDecimal(value);
    if (exact.signum() == 0) {
      return "0";
    }
    BigDecimal rounded = exact.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS) {
      return rounded.stripTrailingZeros().toPlainString();
    }
    String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return String.format(
        Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** {@return whether the text is an integer: digits after an optional sign} */
  public static boolean isInteger(CharSequence text) {
    int start = afterSign(text, 0);
    int end = afterDigits(text, start);
    return end > start && end == text.length();
  }

  /**
   * {@return whether the text is a number: digits with an optional sign, point and exponent, as
   * {@link Double#parseDouble} reads them, without its hexadecimal numbers, suffixes and names}
   */
  public static boolean isNumber(CharSequence text) {
    int start = afterSign(text, 0);
    int end = afterDigits(text, start);
    int digits = end - start;
    if (isAt(text, end, '.')) {
      int fraction = end + 1;
      end = afterDigits(text, fraction);
      digits += end - fraction;
    }
    if (digits > 0 && (isAt(text, end, 'e') || isAt(text, end, 'E'))) {
      int exponent = afterSign(text, end + 1);
      end = afterDigits(text, exponent);
      digits = end - exponent;
    }
    return digits > 0 && end == text.length();
  }

  private static int afterSign(CharSequence text, int at) {
    return isAt(text, at, '+') || isAt(text, at, '-') ? at + 1 : at;
  }

  private static int afterDigits(CharSequence text, int start) {
    int at = start;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAt(CharSequence text, int at, char c) {
    return at < text.length() && text.charAt(at) == c;
  }
}
