package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;
import ai.irmb.tensor.Shape;

/**
 * The printer of the instructions that depend on the target, and the optimizations that pay there.
 * Immutable.
 */
interface Backend {
  /** PyTorch's number for single precision. */
  int FLOAT = 6;

  /** PyTorch's number for IEEE half precision. */
  int HALF = 5;

  /** PyTorch's number for bfloat16. */
  int BFLOAT16 = 15;

  /** {@return PyTorch's number for the type of the feature maps} */
  int dtype();

  /** Prints a convolution of the first input, plus the second if {@code step.addsInput()}. */
  void convolution(InstructionPrinter out, Convolution step);

  /**
   * {@return whether a convolution can add another value}
   *
   * @param activation of the convolution
   * @param result the shape of the sum
   */
  boolean fusesAddition(Activation activation, Shape result);

  /**
   * {@return whether attention is faster as batched products over a few windows at a time than as
   * {@code scaled_dot_product_attention}}
   */
  boolean attendsInChunks();

  /** {@return whether the first convolution is faster with pairs of columns} */
  boolean pairsInputColumns();

  /**
   * {@return whether it is faster to compute objectness first, and the rest of the head only where
   * it passes}
   */
  boolean filtersBeforeHeads();

  /**
   * {@return whether programs check their results for NaN and infinity: in all types but single
   * precision (docs/decisions/non-finite-numbers.md)}
   */
  default boolean checksFinite() {
    return dtype() != FLOAT;
  }

  /** {@return the value in single precision} */
  default String toFloat(String value) {
    return dtype() == FLOAT ? value : "torch.to(" + value + ", " + FLOAT + ")";
  }

  /** {@return the single-precision value in the type of the feature maps} */
  default String fromFloat(String value) {
    return dtype() == FLOAT ? value : "torch.to(" + value + ", " + dtype() + ")";
  }

  /** {@return the value in the type that attention computes in} */
  default String toAttention(String value) {
    return toFloat(value);
  }

  /** {@return the result of attention in the type of the feature maps} */
  default String fromAttention(String value) {
    return fromFloat(value);
  }
}
