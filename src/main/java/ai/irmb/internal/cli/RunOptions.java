package ai.irmb.internal.cli;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.network.Model;
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
            .precision(precision)
            .limits(model.limits());
    if (model.config != null) {
      builder.config(model.config);
    }
    if (device != null) {
      builder.device(device);
    }
    return builder;
  }

  /** {@return the model's network alone, which runs so; who asks closes it} */
  Execution open(Model model) {
    return ExecutionFactory.open(model, device, precision, execution);
  }
}
