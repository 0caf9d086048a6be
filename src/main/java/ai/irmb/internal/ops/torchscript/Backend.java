package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;

/** What a program is printed for: how it convolves, and in which type. Immutable. */
interface Backend {
  /** PyTorch's number for single precision. */
  int FLOAT = 6;

  /** PyTorch's number for IEEE half precision. */
  int HALF = 5;

  /** PyTorch's number for bfloat16. */
  int BFLOAT16 = 15;

  /** {@return PyTorch's number for the type of the maps} */
  int dtype();

  /** Prints a convolution of the first input and, where the step says so, adds the second. */
  void convolution(InstructionPrinter out, Convolution step);

  /** {@return whether a sum with a convolution of this activation is one operation} */
  boolean fusesAddition(Activation activation);

  /**
   * {@return whether attention in small windows is quicker as batched products over a few windows
   * at a time than as the engine's one operation}
   */
  boolean attendsInChunks();

  /** {@return whether a first convolution is quicker with its input's columns in pairs} */
  boolean pairsInputColumns();

  /**
   * {@return whether it is quicker to work the objectness of all boxes out first, and the rest of
   * the head for those that pass}
   */
  boolean filtersBeforeHeads();

  /** {@return an expression in single precision} */
  default String toFloat(String value) {
    return dtype() == FLOAT ? value : "torch.to(" + value + ", " + FLOAT + ")";
  }

  /** {@return a single-precision expression in the type of the maps} */
  default String fromFloat(String value) {
    return dtype() == FLOAT ? value : "torch.to(" + value + ", " + dtype() + ")";
  }
}
