package ai.irmb.tensor;

/** The type of a tensor's elements. */
public enum DType {
  /** IEEE half precision. */
  F16(2),
  /** The upper half of an IEEE single. */
  BF16(2),
  /** IEEE single precision. */
  F32(4),
  /** IEEE double precision. */
  F64(8),
  /** Signed 8 bits. */
  I8(1),
  /** Unsigned 8 bits. */
  U8(1),
  /** Signed 16 bits. */
  I16(2),
  /** Signed 32 bits. */
  I32(4),
  /** Signed 64 bits. */
  I64(8),
  /** One byte, 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** {@return the size of one element in bytes} */
  public int bytes() {
    return bytes;
  }

  /** {@return whether elements are floating-point numbers} */
  public boolean isFloating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }
}
