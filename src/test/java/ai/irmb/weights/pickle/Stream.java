package ai.irmb.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts a pickle together, instruction by instruction. */
final class Stream {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Stream op(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
    return this;
  }

  Stream ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** BINUNICODE. */
  Stream text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int32(bytes.length).bytes(bytes);
  }

  Stream global(String module, String name) {
    return op('c').bytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  Stream bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  Stream int32(int value) {
    return op(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF, value >>> 24);
  }

  Stream int64(long value) {
    return int32((int) value).int32((int) (value >>> 32));
  }

  byte[] stop() {
    op('.');
    return out.toByteArray();
  }

  /** {@return the bytes so far, without a STOP} */
  byte[] cut() {
    return out.toByteArray();
  }
}
