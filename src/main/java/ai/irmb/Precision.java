package ai.irmb;

/**
 * In which numbers a network computes. Boxes, confidences and masks are single precision always.
 */
public enum Precision {
  /** Single precision: what the reference is compared with. The default. */
  FP32,
  /**
   * bfloat16 with compiled execution, on CUDA and on processors with AVX512-BF16 or AMX; elsewhere
   * an error when building. Attention stays in single precision.
   */
  BF16,
  /** Half precision, on CUDA; on a processor an error when building. */
  FP16,
  /** {@link #FP16} on CUDA, {@link #BF16} on a processor that is fast at it, else {@link #FP32}. */
  AUTO
}
