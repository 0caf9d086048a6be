package ai.irmb.internal.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts a pickle together, instruction by instruction. */
public final class Stream {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public Stream op(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
    return this;
  }

  public Stream ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public Stream utf8(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** BINUNICODE. */
  public Stream text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int32(bytes.length).bytes(bytes);
  }

  public Stream global(String module, String name) {
    return op('c').utf8(module + "\n" + name + "\n");
  }

  /** Everything of another. */
  public Stream stream(Stream other) {
    return bytes(other.cut());
  }

  /** LONG1 of eight bytes. */
  public Stream number(long value) {
    return op(0x8A, 8).int64(value);
  }

  public Stream bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public Stream int32(int value) {
    return op(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF, value >>> 24);
  }

  public Stream int64(long value) {
    return int32((int) value).int32((int) (value >>> 32));
  }

  public byte[] stop() {
    op('.');
    return out.toByteArray();
  }

  /** {@return the bytes so far, without a STOP} */
  public byte[] cut() {
    return out.toByteArray();
  }
}
