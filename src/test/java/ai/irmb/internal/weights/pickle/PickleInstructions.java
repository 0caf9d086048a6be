package ai.irmb.internal.weights.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits a well-formed pickle into instructions, so that a test can change single ones. */
public final class PickleInstructions {
  private static final String ONE_LINE = "FILPSVgp";
  private static final String TWO_LINES = "ci";
  private static final String ONE_BYTE = "Khq\u0080\u0082";
  private static final String TWO_BYTES = "M\u0083";
  private static final String FOUR_BYTES = "Jjr\u0084";
  private static final String EIGHT_BYTES = "G\u0095";
  private static final String LENGTH_OF_ONE = "CU\u008a\u008c";
  private static final String LENGTH_OF_FOUR = "BTX\u008b";
  private static final String LENGTH_OF_EIGHT = "\u008d\u008e\u0096";

  private PickleInstructions() {}

  /** {@return each instruction with its argument, including STOP} */
  public static List<byte[]> split(byte[] pickle) {
    ByteBuffer in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> out = new ArrayList<>();
    int code;
    do {
      int start = in.position();
      code = in.get() & 0xFF;
      skipArgument(in, (char) code);
      out.add(Arrays.copyOfRange(pickle, start, in.position()));
    } while (code != '.');
    return out;
  }

  private static void skipArgument(ByteBuffer in, char code) {
    if (isOne(code, ONE_LINE)) {
      skipLine(in);
    } else if (isOne(code, TWO_LINES)) {
      skipLine(in);
      skipLine(in);
    } else {
      in.position(in.position() + fixed(code) + counted(in, code));
    }
  }

  private static int fixed(char code) {
    if (isOne(code, ONE_BYTE) || isOne(code, LENGTH_OF_ONE)) {
      return 1;
    }
    if (isOne(code, TWO_BYTES)) {
      return 2;
    }
    if (isOne(code, FOUR_BYTES) || isOne(code, LENGTH_OF_FOUR)) {
      return 4;
    }
    return isOne(code, EIGHT_BYTES) || isOne(code, LENGTH_OF_EIGHT) ? 8 : 0;
  }

  private static int counted(ByteBuffer in, char code) {
    if (isOne(code, LENGTH_OF_ONE)) {
      return in.get(in.position()) & 0xFF;
    }
    if (isOne(code, LENGTH_OF_FOUR)) {
      return in.getInt(in.position());
    }
    return isOne(code, LENGTH_OF_EIGHT) ? (int) in.getLong(in.position()) : 0;
  }

  private static void skipLine(ByteBuffer in) {
    while (in.get() != '\n') {
      // Only advances the position.
    }
  }

  private static boolean isOne(char code, String codes) {
    return codes.indexOf(code) >= 0;
  }
}
