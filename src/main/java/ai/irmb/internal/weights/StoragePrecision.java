package ai.irmb.internal.weights;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The type that floating-point weights are stored in; integers and booleans keep theirs.
 *
 * <p>It is independent of {@link ai.irmb.Precision}, the type that a network computes in: only a
 * stored type can be kept, and only a computing type can depend on the device.
 */
public enum StoragePrecision {
  /** The type that each tensor has. */
  KEEP,
  /** IEEE single precision. */
  FP32,
  /** IEEE half precision. */
  FP16,
  /** bfloat16: the upper 16 bits of an IEEE single. */
  BF16;

  /** {@return the type that a tensor of the given type is stored in} */
  public DType storedType(DType dtype) {
    if (!dtype.isFloating()) {
      return dtype;
    }
    return switch (this) {
      case KEEP -> dtype;
      case FP32 -> DType.F32;
      case FP16 -> DType.F16;
      case BF16 -> DType.BF16;
    };
  }

  /**
   * {@return the tensor in the type that it is stored in, rounded to nearest, ties to even; the
   * same object if the type does not change}
   *
   * @param key key of the tensor, for error messages
   * @throws WeightsException if a finite value overflows the new type
   */
  public HostTensor convert(HostTensor tensor, String key) {
    DType target = storedType(tensor.dtype());
    if (target == tensor.dtype()) {
      return tensor;
    }
    float[] values = tensor.toFloats();
    ByteBuffer out =
        ByteBuffer.allocate(Math.multiplyExact(values.length, target.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (target) {
        case F16 -> out.putShort(requireFinite(toHalf(value), 0x7C00, value, key));
        case BF16 -> out.putShort(requireFinite(toBfloat16(value), 0x7F80, value, key));
        default -> out.putFloat(value);
      }
    }
    return new HostTensor(target, tensor.shape(), out.flip());
  }

  private short requireFinite(short rounded, int infinity, float value, String key) {
    if ((rounded & 0x7FFF) == infinity && !Float.isInfinite(value)) {
      throw new WeightsException(
          Quoting.escapeName(key)
              + ": "
              + value
              + " is too large for "
              + this
              + "; keep the precision");
    }
    return rounded;
  }

  private static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  private static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) {
      return (short) (sign | 0x7E00 | ((magnitude >>> 13) & 0x1FF));
    }
    // 65520 is halfway between the largest half, 65504, and the next power of two.
    if (magnitude >= 0x477FF000) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x38800000) {
      // Below 2^-14 halves are multiples of 2^-24; rint rounds ties to even.
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
    return (short) (sign | ((rounded - 0x38000000) >>> 13));
  }
}
