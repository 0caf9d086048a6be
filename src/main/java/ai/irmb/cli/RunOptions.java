package ai.irmb.cli;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.tensor.DType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how a command runs the network. */
final class RunOptions {
  @Option(
      names = "--device",
      description = "cpu, cuda or cuda:N; by default CUDA where there is one.")
  @Nullable String device;

  @Option(
      names = "--execution",
      defaultValue = "compiled",
      description = "compiled or eager (${DEFAULT-VALUE}).")
  ExecutionMode execution = ExecutionMode.COMPILED;

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      description = "fp32, bf16, fp16 or auto (${DEFAULT-VALUE}).")
  Precision precision = Precision.FP32;

  /** {@return a builder of a detector for this model that runs so} */
  Detector.Builder detector(ModelOptions model) {
    Detector.Builder builder =
        Detector.builder()
            .weights(model.weightsOrShipped())
            .execution(execution)
            .precision(precision);
    if (model.config != null) {
      builder.config(model.config);
    }
    if (device != null) {
      builder.device(device);
    }
    return builder;
  }

  /** {@return the precision as an execution takes it, null for the fastest} */
  @Nullable DType type() {
    return switch (precision) {
      case FP32 -> DType.F32;
      case BF16 -> DType.BF16;
      case FP16 -> DType.F16;
      case AUTO -> null;
    };
  }
}
