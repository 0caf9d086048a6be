package ai.irmb.internal.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds a pickle instruction by instruction. */
public final class PickleBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public PickleBuilder op(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
    return this;
  }

  public PickleBuilder ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public PickleBuilder utf8(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends a BINUNICODE instruction. */
  public PickleBuilder text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int32(bytes.length).bytes(bytes);
  }

  public PickleBuilder global(String module, String name) {
    return op('c').utf8(module + "\n" + name + "\n");
  }

  /** Appends the instructions of another builder. */
  public PickleBuilder append(PickleBuilder other) {
    return bytes(other.bytesSoFar());
  }

  /** Appends a LONG1 instruction of eight bytes. */
  public PickleBuilder number(long value) {
    return op(0x8A, 8).int64(value);
  }

  public PickleBuilder bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public PickleBuilder int32(int value) {
    return op(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF, value >>> 24);
  }

  public PickleBuilder int64(long value) {
    return int32((int) value).int32((int) (value >>> 32));
  }

  public byte[] stop() {
    op('.');
    return out.toByteArray();
  }

  /** {@return the bytes so far, without a STOP} */
  public byte[] bytesSoFar() {
    return out.toByteArray();
  }
}
