package ai.irmb.internal.weights.pickle;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** A cursor over the bytes of a pickle. Checks each length against the remaining bytes first. */
final class PickleInput {
  private final ByteBuffer bytes;
  private final String where;
  private final long base;
  private final Limits limits;
  private final MemoryBudget budget;

  /** Reports malformed bytes instead of replacing them, as a new decoder does. */
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  private int opcodePosition;
  private int frameEnd = -1;

  /**
   * @param where name of the record for error messages, such as {@code best.pt: data.pkl}
   * @param base offset of the pickle within the file, added to each reported position
   */
  PickleInput(ByteBuffer bytes, String where, long base, Limits limits, MemoryBudget budget) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
    this.base = base;
    this.limits = limits;
    this.budget = budget;
  }

  int position() {
    return bytes.position();
  }

  /** {@return the offset of the current instruction, as errors report it} */
  long offset() {
    return base + opcodePosition;
  }

  /** {@return the next opcode byte} */
  int nextOpcode() {
    opcodePosition = bytes.position();
    if (opcodePosition == frameEnd) {
      frameEnd = -1;
    }
    return u8();
  }

  int u8() {
    return require(1).get() & 0xFF;
  }

  int u16() {
    return require(2).getShort() & 0xFFFF;
  }

  int i32() {
    return require(4).getInt();
  }

  long u32() {
    return require(4).getInt() & 0xFFFFFFFFL;
  }

  long i64() {
    return require(8).getLong();
  }

  /** {@return BINFLOAT's argument, a big-endian double} */
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  byte[] bytes(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw error(
          "a length of "
              + Long.toUnsignedString(length)
              + " bytes goes beyond the end of the pickle ("
              + bytes.remaining()
              + " are left)");
    }
    if (length > limits.getInt(Limit.STRING_BYTES)) {
      throw error(
          length
              + " bytes in one string are more than "
              + LimitMessages.limit(limits, Limit.STRING_BYTES));
    }
    checkFrame((int) length);
    reserve(length);
    byte[] out = new byte[(int) length];
    bytes.get(out);
    return out;
  }

  String text(long length) {
    return decodeUtf8(bytes(length));
  }

  /** {@return the bytes up to the next line feed, which is consumed} */
  byte[] line() {
    int start = bytes.position();
    int maxLength = Math.min(bytes.remaining(), limits.getInt(Limit.STRING_BYTES));
    for (int i = 0; i < maxLength; i++) {
      if (bytes.get(start + i) == '\n') {
        byte[] out = bytes(i);
        u8();
        return out;
      }
    }
    if (maxLength < bytes.remaining()) {
      throw error("a line is longer than " + LimitMessages.limit(limits, Limit.STRING_BYTES));
    }
    throw error("the pickle is truncated: a line has no end");
  }

  String decodeUtf8(byte[] raw) {
    reserve(raw.length);
    try {
      return utf8.decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(message("text is not valid UTF-8"), e);
    }
  }

  /**
   * Begins a frame of this many bytes, whose end no instruction may cross. Python's C and Python
   * unpicklers treat wrong frame lengths differently, so they are errors here.
   */
  void beginFrame(long length) {
    if (frameEnd >= 0) {
      throw error("a frame begins within another");
    }
    if (length < 0 || length > bytes.remaining()) {
      throw error(
          "a frame of "
              + Long.toUnsignedString(length)
              + " bytes goes beyond the end of the pickle ("
              + bytes.remaining()
              + " are left)");
    }
    frameEnd = bytes.position() + (int) length;
  }

  /** Reserves memory for an allocation. */
  void reserve(long size) {
    if (!budget.tryReserve(size)) {
      throw error(
          "the values of the pickle need too much memory: reading it " + budget.exceededMessage());
    }
  }

  /** {@return the error to throw for the current instruction} */
  WeightsException error(String problem) {
    return new WeightsException(message(problem));
  }

  private String message(String problem) {
    return where + ", byte " + offset() + ": " + problem;
  }

  private void checkFrame(int count) {
    if (frameEnd >= 0 && count > frameEnd - bytes.position()) {
      throw error("an instruction crosses the end of its frame");
    }
  }

  private ByteBuffer require(int count) {
    if (bytes.remaining() < count) {
      throw error("the pickle is truncated: it ends before its STOP");
    }
    checkFrame(count);
    return bytes;
  }
}
