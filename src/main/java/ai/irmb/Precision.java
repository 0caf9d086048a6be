package ai.irmb;

/**
 * The floating-point type that a network computes in. Boxes, confidences and masks are always in
 * single precision.
 *
 * <p>If a type other than {@link #FP32} gives NaN or infinity, the batch is computed again in it,
 * or is an error: see {@link DetectorSettings#strictPrecision}.
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
