package ai.irmb.internal.execution;

import ai.irmb.tensor.DType;
import org.jspecify.annotations.Nullable;

/** In which numbers a network computes. */
public enum Numbers {
  /** Single precision. */
  FP32(DType.F32),
  /** bfloat16. */
  BF16(DType.BF16),
  /** Half precision. */
  FP16(DType.F16),
  /** The fastest that the device is good at. */
  AUTO(null);

  private final @Nullable DType type;

  Numbers(@Nullable DType type) {
    this.type = type;
  }

  /** {@return the type, or null where the device decides} */
  @Nullable DType type() {
    return type;
  }
}
