package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.weights.pickle.PickleValue.BigInt;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Bytes;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.Real;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Reads the arguments of the instructions that push numbers, text and bytes. */
final class LiteralReader {
  /** Python's own limit on the digits of an integer in text. */
  private static final int MAX_DIGITS = 4300;

  /** The bytes that hold as many digits. Larger integers would make each hash expensive. */
  private static final int MAX_INTEGER_BYTES = 1786;

  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern FLOATING =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private final PickleInput in;

  LiteralReader(PickleInput in) {
    this.in = in;
  }

  PickleValue integer(long value) {
    in.reserve(CallInterpreter.OBJECT_BYTES / 2);
    return new Int(value);
  }

  PickleValue real(double value) {
    in.reserve(CallInterpreter.OBJECT_BYTES / 2);
    return new Real(value);
  }

  PickleValue text(long length) {
    in.reserve(CallInterpreter.OBJECT_BYTES);
    return new Text(in.text(length));
  }

  PickleValue bytes(long length) {
    in.reserve(CallInterpreter.OBJECT_BYTES);
    return new Bytes(in.bytes(length));
  }

  /** {@return INT's argument: an integer, or 00 and 01 for the booleans} */
  PickleValue intLine() {
    String line = in.decodeUtf8(in.line());
    if (line.equals("00")) {
      return Bool.FALSE;
    }
    return line.equals("01") ? Bool.TRUE : parseInteger(line);
  }

  /** {@return LONG's argument: an integer that may end in L} */
  PickleValue longLine() {
    String line = in.decodeUtf8(in.line());
    return parseInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
  }

  /** {@return FLOAT's argument} */
  PickleValue floatLine() {
    String line = in.decodeUtf8(in.line());
    if (line.length() <= MAX_DIGITS && FLOATING.matcher(line).matches()) {
      return real(Double.parseDouble(line));
    }
    return switch (line) {
      case "nan" -> real(Double.NaN);
      case "inf" -> real(Double.POSITIVE_INFINITY);
      case "-inf" -> real(Double.NEGATIVE_INFINITY);
      default -> throw in.error("FLOAT is not a number");
    };
  }

  /** {@return a memo index in text} */
  long memoIndexLine() {
    String line = in.decodeUtf8(in.line());
    if (line.length() > 18 || !DECIMAL.matcher(line).matches()) {
      throw in.error("the memo index is not a number");
    }
    return Long.parseLong(line);
  }

  /** {@return LONG1's or LONG4's argument: two's complement, little-endian} */
  PickleValue binaryLong(long length) {
    if (length > MAX_INTEGER_BYTES) {
      throw in.error(
          length + " bytes of an integer are more than the limit of " + MAX_INTEGER_BYTES);
    }
    byte[] bytes = in.bytes(length);
    if (bytes.length == 0) {
      return integer(0);
    }
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swapped = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swapped;
    }
    return integerOrBigInt(new BigInteger(bytes));
  }

  /** {@return STRING's argument: quoted UTF-8 with escapes} */
  PickleValue stringLine() {
    byte[] line = in.line();
    int last = line.length - 1;
    if (last < 1 || line[0] != line[last] || (line[0] != '\'' && line[0] != '"')) {
      throw in.error("STRING is not in quotes");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 1;
    while (i < last) {
      i = line[i] == '\\' ? copyEscape(line, i + 1, last, out) : copyByte(line[i], i, out);
    }
    in.reserve(CallInterpreter.OBJECT_BYTES + out.size());
    return new Text(in.decodeUtf8(out.toByteArray()));
  }

  /** {@return UNICODE's argument: Latin-1 with escapes of 4 or 8 hexadecimal digits} */
  PickleValue unicodeLine() {
    String line = new String(in.line(), StandardCharsets.ISO_8859_1);
    in.reserve(CallInterpreter.OBJECT_BYTES + 2L * line.length());
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < line.length()) {
      char next = i + 1 < line.length() ? line.charAt(i + 1) : ' ';
      if (line.charAt(i) == '\\' && (next == 'u' || next == 'U')) {
        int digits = next == 'u' ? 4 : 8;
        int point = parseHex(line, i + 2, digits);
        if (!Character.isValidCodePoint(point)) {
          throw in.error("an escape in text is beyond Unicode");
        }
        out.appendCodePoint(point);
        i += 2 + digits;
      } else {
        out.append(line.charAt(i++));
      }
    }
    return new Text(requireWellFormed(out.toString()));
  }

  private String requireWellFormed(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw in.error("text holds half of a surrogate pair");
    }
    return text;
  }

  private PickleValue parseInteger(String digits) {
    if (digits.length() > MAX_DIGITS || !DECIMAL.matcher(digits).matches()) {
      throw in.error("an integer is malformed or longer than " + MAX_DIGITS + " digits");
    }
    return integerOrBigInt(new BigInteger(digits));
  }

  private PickleValue integerOrBigInt(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return integer(value.longValue());
    }
    in.reserve(CallInterpreter.OBJECT_BYTES + value.bitLength() / 8);
    return new BigInt(value);
  }

  private static int copyByte(byte b, int at, ByteArrayOutputStream out) {
    out.write(b);
    return at + 1;
  }

  /** Writes the byte that an escape denotes. {@return the index after the escape} */
  private int copyEscape(byte[] line, int at, int last, ByteArrayOutputStream out) {
    if (at >= last) {
      throw in.error("an escape in STRING has no end");
    }
    String simple = "\\'\"abfnrtv";
    String meaning = "\\'\"\u0007\b\f\n\r\t\u000b";
    int known = simple.indexOf(line[at]);
    if (known >= 0) {
      out.write(meaning.charAt(known));
      return at + 1;
    }
    if (line[at] != 'x' || at + 3 > last) {
      throw in.error("STRING has an escape that is not supported");
    }
    out.write(parseHex(new String(line, at + 1, 2, StandardCharsets.ISO_8859_1), 0, 2));
    return at + 3;
  }

  private int parseHex(String text, int start, int digits) {
    if (start + digits > text.length()) {
      throw in.error("an escape in text has no end");
    }
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 'f') {
        throw in.error("an escape in text is not hexadecimal");
      }
      value = (value << 4) | digit;
    }
    return value;
  }
}
