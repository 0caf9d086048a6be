package ai.irmb.execution;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.irmb.error.InferenceException;
import ai.irmb.network.Model;
import ai.irmb.ops.torchscript.ScriptTarget;
import ai.irmb.postprocess.HeadDecoder;
import ai.irmb.postprocess.HeadLevel;
import ai.irmb.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a model ready to run. */
public final class Executions {
  private Executions() {}

  /**
   * {@return the model on a device}
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @param half whether to compute in half precision, on CUDA only
   * @param mode how to run it; compiled falls back on eager, with a warning, where the engine does
   *     not take the program
   * @throws InferenceException if the engine or the device is not there
   */
  public static Execution open(Model model, @Nullable String device, boolean half, Mode mode) {
    NDManager manager = EngineRuntime.newManager(device);
    Device on = manager.getDevice();
    if (half && !on.isGpu()) {
      manager.close();
      throw new InferenceException(
          "half precision was asked for, but the device is " + on + "; it is for CUDA only");
    }
    if (mode == Mode.EAGER) {
      return new EagerExecution(manager, model.network(), decoder(model), half);
    }
    manager.close();
    return new FallbackExecution(
        new CompiledExecution(model, target(on, half)),
        () ->
            new EagerExecution(
                EngineRuntime.newManager(on.isGpu() ? "cuda:" + on.getDeviceId() : "cpu"),
                model.network(),
                decoder(model),
                half));
  }

  /** {@return what a program is generated for on a device} */
  static ScriptTarget target(@Nullable String device, boolean half) {
    try (NDManager manager = EngineRuntime.newManager(device)) {
      return target(manager.getDevice(), half);
    }
  }

  private static ScriptTarget target(Device device, boolean half) {
    if (device.isGpu()) {
      return ScriptTarget.cuda(device.getDeviceId(), half ? DType.F16 : DType.F32);
    }
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
    return x86 ? ScriptTarget.cpu() : ScriptTarget.cpu().with(ScriptTarget.Convolution.PLAIN);
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
