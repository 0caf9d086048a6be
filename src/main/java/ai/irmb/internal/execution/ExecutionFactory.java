package ai.irmb.internal.execution;

import ai.djl.Device;
import ai.irmb.ExecutionMode;
import ai.irmb.Precision;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.platform.Platform;
import ai.irmb.internal.postprocess.HeadDecoder;
import ai.irmb.internal.postprocess.HeadLevel;
import ai.irmb.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses and makes the execution of a model on a device. */
public final class ExecutionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutionFactory.class);

  private ExecutionFactory() {}

  /**
   * {@return the model on a device}
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @param precision of the computation
   * @param mode compiled falls back to eager, with a warning, where the engine rejects the program
   * @param strictPrecision whether NaN or infinity in a narrower type is an error; else such
   *     batches are computed again in single precision, with a warning
   * @throws InferenceException if there is no engine or no such device, or if the device does not
   *     support the precision
   */
  public static Execution open(
      Model model,
      @Nullable String device,
      Precision precision,
      ExecutionMode mode,
      boolean strictPrecision) {
    Device on = PyTorchEngine.get().device(device);
    DType type = type(on, precision, mode);
    return open(model, target(on, type), mode, strictPrecision);
  }

  /**
   * {@return the model on a target, whether or not the device is fast at its type}
   *
   * @param mode as above
   * @param strictPrecision as above
   */
  public static Execution open(
      Model model, ScriptTarget target, ExecutionMode mode, boolean strictPrecision) {
    return new MemoryGuard(
        model.network().source(),
        guarded(model, target, mode, strictPrecision),
        message -> LOG.warn("{}", message));
  }

  /** {@return the model on a target; types narrower than single precision are guarded} */
  private static Execution guarded(
      Model model, ScriptTarget target, ExecutionMode mode, boolean strictPrecision) {
    Execution execution = unguarded(model, target, mode);
    DType type = target.precision();
    if (type == DType.F32) {
      return execution;
    }
    Execution single =
        strictPrecision
            ? null
            : new LazyExecution(() -> unguarded(model, target.with(DType.F32), mode));
    return new PrecisionGuard(
        model.network().source(), type, execution, single, message -> LOG.warn("{}", message));
  }

  private static Execution unguarded(Model model, ScriptTarget target, ExecutionMode mode) {
    Device device = target.gpu() < 0 ? Device.cpu() : Device.gpu(target.gpu());
    if (mode == ExecutionMode.EAGER) {
      return eager(model, device, target.precision());
    }
    return new FallbackExecution(
        new CompiledExecution(model, target),
        new LazyExecution(() -> eager(model, device, target.precision())));
  }

  /** {@return the precision that {@link #open} computes in; never {@link Precision#AUTO}} */
  public static Precision precision(
      @Nullable String device, Precision precision, ExecutionMode mode) {
    return switch (type(PyTorchEngine.get().device(device), precision, mode)) {
      case F32 -> Precision.FP32;
      case F16 -> Precision.FP16;
      case BF16 -> Precision.BF16;
      default -> throw new IllegalStateException("a network computes in floating point");
    };
  }

  private static Execution eager(Model model, Device device, DType type) {
    return new EagerExecution(
        PyTorchEngine.get().newManager(device), model.network(), decoder(model), type == DType.F16);
  }

  /** {@return the type to compute in; a precision that was requested is never replaced} */
  private static DType type(Device device, Precision precision, ExecutionMode mode) {
    return switch (precision) {
      case FP32 -> DType.F32;
      case FP16 -> {
        if (!device.isGpu()) {
          throw new InferenceException(
              "precision: fp16 was requested, but the device is "
                  + device
                  + "; it is for CUDA only");
        }
        yield DType.F16;
      }
      case BF16 -> {
        if (mode == ExecutionMode.EAGER) {
          throw new InferenceException(
              "precision: bf16 was requested together with eager execution; only compiled has it");
        }
        if (!device.isGpu() && !Platform.hasBf16()) {
          throw new InferenceException(
              "precision: bf16 was requested, but the processor is "
                  + Platform.processor()
                  + "; it needs avx512_bf16 or amx_bf16");
        }
        yield DType.BF16;
      }
      case AUTO -> {
        if (device.isGpu()) {
          yield DType.F16;
        }
        yield mode == ExecutionMode.COMPILED && Platform.hasBf16() ? DType.BF16 : DType.F32;
      }
    };
  }

  /** {@return the target of programs for a device} */
  static ScriptTarget target(@Nullable String device, DType type) {
    return target(PyTorchEngine.get().device(device), type);
  }

  private static ScriptTarget target(Device device, DType type) {
    if (device.isGpu()) {
      return ScriptTarget.cuda(device.getDeviceId(), type);
    }
    ScriptTarget cpu = ScriptTarget.cpu().with(type);
    return Platform.isX86() && PyTorchEngine.get().supportsFusedConvolutions()
        ? cpu
        : cpu.with(ScriptTarget.ConvolutionMode.PLAIN);
  }

  /** {@return the decoder of the model's head} */
  public static HeadDecoder decoder(Model model) {
    return new HeadDecoder(model.network().head().layout(), levels(model));
  }

  private static List<HeadLevel> levels(Model model) {
    List<HeadLevel> levels = new ArrayList<>();
    for (int i = 0; i < model.strides().size(); i++) {
      List<Double> row = model.anchors().get(i);
      float[] anchors = new float[row.size()];
      for (int k = 0; k < anchors.length; k++) {
        anchors[k] = row.get(k).floatValue();
      }
      levels.add(new HeadLevel(model.strides().get(i).floatValue(), anchors));
    }
    return levels;
  }
}
