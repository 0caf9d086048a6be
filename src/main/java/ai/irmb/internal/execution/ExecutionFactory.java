package ai.irmb.internal.execution;

import ai.djl.Device;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.postprocess.HeadDecoder;
import ai.irmb.internal.postprocess.HeadLevel;
import ai.irmb.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a model ready to run. */
public final class ExecutionFactory {
  private ExecutionFactory() {}

  /**
   * {@return the model on a device}
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @param numbers in which it computes
   * @param mode how to run it; compiled falls back on eager, with a warning, where the engine does
   *     not take the program
   * @throws InferenceException if the engine or the device is not there, or cannot do the precision
   */
  public static Execution open(Model model, @Nullable String device, Numbers numbers, Mode mode) {
    Device on = EngineRuntime.device(device);
    DType type = precision(on, numbers.type(), mode);
    if (mode == Mode.EAGER) {
      return eager(model, on, type);
    }
    DType instead = type == DType.BF16 ? DType.F32 : type;
    return new FallbackExecution(
        new CompiledExecution(model, target(on, type)), () -> eager(model, on, instead));
  }

  private static Execution eager(Model model, Device on, DType precision) {
    return new EagerExecution(
        EngineRuntime.engine().newBaseManager(on),
        model.network(),
        decoder(model),
        precision == DType.F16);
  }

  /** What was asked for and cannot be had is an error, never something else instead. */
  private static DType precision(Device on, @Nullable DType asked, Mode mode) {
    if (asked == null) {
      if (on.isGpu()) {
        return DType.F16;
      }
      return mode == Mode.COMPILED && isX86() && Processor.hasBf16() ? DType.BF16 : DType.F32;
    }
    if (asked == DType.F16 && !on.isGpu()) {
      throw new InferenceException(
          "precision: fp16 was asked for, but the device is " + on + "; it is for CUDA only");
    }
    if (asked == DType.BF16 && mode == Mode.EAGER) {
      throw new InferenceException(
          "precision: bf16 was asked for together with eager execution; only compiled has it");
    }
    if (asked == DType.BF16 && !on.isGpu() && !(isX86() && Processor.hasBf16())) {
      throw new InferenceException(
          "precision: bf16 was asked for, but the processor is "
              + Processor.describe()
              + "; it needs avx512_bf16 or amx_bf16");
    }
    return asked;
  }

  /** {@return what a program is generated for on a device} */
  static ScriptTarget target(@Nullable String device, DType precision) {
    return target(EngineRuntime.device(device), precision);
  }

  private static ScriptTarget target(Device device, DType precision) {
    if (device.isGpu()) {
      return ScriptTarget.cuda(device.getDeviceId(), precision);
    }
    ScriptTarget cpu = ScriptTarget.cpu().with(precision);
    return isX86() && EngineRuntime.fusesSafely() ? cpu : cpu.with(ScriptTarget.Convolution.PLAIN);
  }

  private static boolean isX86() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return arch.equals("amd64") || arch.equals("x86_64");
  }

  /** {@return the decoder of the model's head} */
  public static HeadDecoder decoder(Model model) {
    return new HeadDecoder(
        levels(model), model.network().head().classes(), model.network().head().masks());
  }

  static List<HeadLevel> levels(Model model) {
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

  /** {@return how many passes make sense at once: the processors over the engine's threads} */
  public static int defaultConcurrency() {
    int processors = Runtime.getRuntime().availableProcessors();
    int engine = Integer.getInteger("ai.djl.pytorch.num_threads", processors);
    return Math.max(processors / Math.max(engine, 1), 1);
  }
}
