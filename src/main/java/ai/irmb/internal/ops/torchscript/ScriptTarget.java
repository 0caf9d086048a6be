package ai.irmb.internal.ops.torchscript;

import ai.irmb.tensor.DType;

/**
 * The device and precision that a program is generated for. Immutable.
 *
 * @param convolution the convolution to use
 * @param precision type of the feature maps: F32, BF16 or F16
 * @param gpu index of the CUDA device, or -1 for the CPU
 */
public record ScriptTarget(ConvolutionMode convolution, DType precision, int gpu) {
  /** The convolution operator of the engine. */
  public enum ConvolutionMode {
    /** oneDNN's fused convolution, for x86 processors. */
    ONEDNN,
    /** PyTorch's ordinary convolution, for everything else. */
    PLAIN
  }

  /**
   * @throws IllegalArgumentException if the engine does not support the combination
   */
  public ScriptTarget {
    if (precision != DType.F32 && precision != DType.F16 && precision != DType.BF16) {
      throw new IllegalArgumentException("a network runs in F32, F16 or BF16, not " + precision);
    }
    if (gpu >= 0 && convolution == ConvolutionMode.ONEDNN) {
      throw new IllegalArgumentException("oneDNN convolves on the processor, not on a GPU");
    }
  }

  /** {@return the CPU, in single precision} */
  public static ScriptTarget cpu() {
    return new ScriptTarget(ConvolutionMode.ONEDNN, DType.F32, -1);
  }

  /** {@return a CUDA device} */
  public static ScriptTarget cuda(int gpu, DType precision) {
    return new ScriptTarget(ConvolutionMode.PLAIN, precision, gpu);
  }

  /** {@return the same target with another convolution} */
  public ScriptTarget with(ConvolutionMode newConvolution) {
    return new ScriptTarget(newConvolution, precision, gpu);
  }

  /** {@return the same target with another precision} */
  public ScriptTarget with(DType newPrecision) {
    return new ScriptTarget(convolution, newPrecision, gpu);
  }

  /**
   * {@return the same target on the CPU: the engine runs a program for CUDA there too, slowly,
   * which is how tests without a GPU run it}
   */
  public ScriptTarget onCpu() {
    return new ScriptTarget(convolution, precision, -1);
  }

  /** {@return the printer of the instructions that depend on the target} */
  Backend backend() {
    int dtype =
        switch (precision) {
          case F16 -> Backend.HALF;
          case BF16 -> Backend.BFLOAT16;
          default -> Backend.FLOAT;
        };
    return switch (convolution) {
      case ONEDNN -> new OneDnnBackend(dtype);
      case PLAIN -> new PlainBackend(dtype);
    };
  }
}
