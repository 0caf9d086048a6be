package ai.irmb.tensor;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * An array in JVM memory, on the heap or direct: contiguous, row-major, little-endian.
 *
 * <p>Immutable: the bytes are never written after construction, so it is safe for concurrent use.
 */
public final class HostTensor {
  private final DType dtype;
  private final Shape shape;
  private final ByteBuffer data;

  /**
   * @param dtype the type of the elements
   * @param shape the sizes of the axes
   * @param data exactly the elements, between position and limit; not copied, and must not change
   * @throws IllegalArgumentException if the buffer does not have the size of the elements
   */
  public HostTensor(DType dtype, Shape shape, ByteBuffer data) {
    this.dtype = requireNonNull(dtype, "dtype");
    this.shape = requireNonNull(shape, "shape");
    this.data = requireNonNull(data, "data").slice().asReadOnlyBuffer();
    long needed = Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    if (needed != this.data.capacity()) {
      throw new IllegalArgumentException(
          dtype + shape.toString() + " takes " + needed + " bytes, not " + this.data.capacity());
    }
  }

  /** {@return a single-precision tensor over these values, which are not copied} */
  public static HostTensor of(Shape shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new HostTensor(DType.F32, shape, bytes);
  }

  /** {@return the type of the elements} */
  public DType dtype() {
    return dtype;
  }

  /** {@return the sizes of the axes} */
  public Shape shape() {
    return shape;
  }

  /** {@return a new read-only, little-endian view of the elements' bytes} */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * {@return the elements in single precision, as a new array}
   *
   * <p>Half and bfloat16 widen exactly; doubles and integers round to the nearest.
   *
   * @throws ArithmeticException if there are more than an array can hold
   */
  public float[] toFloats() {
    int count = Math.toIntExact(shape.elements());
    float[] out = new float[count];
    ByteBuffer in = bytes();
    switch (dtype) {
      case F32 -> {
        FloatBuffer floats = in.asFloatBuffer();
        floats.get(out);
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = halfToFloat(in.getShort(2 * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = Float.intBitsToFloat(in.getShort(2 * i) << 16);
        }
      }
      case F64 -> {
        for (int i = 0; i < count; i++) {
          out[i] = (float) in.getDouble(8 * i);
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          out[i] = in.get(i);
        }
      }
      case U8, BOOL -> {
        for (int i = 0; i < count; i++) {
          out[i] = in.get(i) & 0xFF;
        }
      }
      case I16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = in.getShort(2 * i);
        }
      }
      case I32 -> {
        for (int i = 0; i < count; i++) {
          out[i] = in.getInt(4 * i);
        }
      }
      case I64 -> {
        for (int i = 0; i < count; i++) {
          out[i] = in.getLong(8 * i);
        }
      }
    }
    return out;
  }

  /** {@return a half-precision value in single precision} */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1F;
    int fraction = half & 0x3FF;
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | 0x7F800000 | (fraction << 13));
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
