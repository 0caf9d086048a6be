package ai.irmb.internal.cli;

import ai.irmb.Detector;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.network.Model;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The device, execution mode and precision of a command. */
final class ExecutionOptions {
  @Mixin private final DeviceOption device = new DeviceOption();
  @Mixin private final ExecutionOption execution = new ExecutionOption(ExecutionMode.COMPILED);

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      description = "fp32, bf16, fp16 or auto (default: ${DEFAULT-VALUE}).")
  Precision precision = Precision.FP32;

  @Option(
      names = "--strict-precision",
      description =
          "Fail if another precision than fp32 gives NaN or infinity, instead of computing the"
              + " batch again in fp32.")
  boolean strictPrecision;

  @Nullable String device() {
    return device.device();
  }

  ExecutionMode mode() {
    return execution.mode;
  }

  /** {@return a builder of a detector with the model and these options} */
  Detector.Builder detector(ModelOptions model) {
    Detector.Builder builder =
        Detector.builder()
            .weights(model.weightsOrShipped())
            .execution(execution.mode)
            .precision(precision)
            .strictPrecision(strictPrecision)
            .limits(model.limits());
    if (model.config != null) {
      builder.config(model.config);
    }
    if (device.device() != null) {
      builder.device(device.device());
    }
    return builder;
  }

  /** {@return the model's network alone, for the caller to close} */
  Execution open(Model model) {
    return ExecutionFactory.open(
        model, device.device(), precision, execution.mode, strictPrecision);
  }
}
