package ai.irmb.execution;

import ai.djl.ndarray.NDManager;
import ai.irmb.error.InferenceException;
import ai.irmb.network.Model;
import ai.irmb.postprocess.HeadDecoder;
import ai.irmb.postprocess.HeadLevel;
import java.util.ArrayList;
import java.util.List;
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
   * @throws InferenceException if the engine or the device is not there
   */
  public static Execution open(Model model, @Nullable String device, boolean half) {
    NDManager manager = EngineRuntime.newManager(device);
    if (half && !manager.getDevice().isGpu()) {
      manager.close();
      throw new InferenceException(
          "half precision was asked for, but the device is "
              + manager.getDevice()
              + "; it is for CUDA only");
    }
    return new EagerExecution(manager, model.network(), decoder(model), half);
  }

  /** {@return the decoder of the model's head} */
  public static HeadDecoder decoder(Model model) {
    List<HeadLevel> levels = new ArrayList<>();
    for (int i = 0; i < model.strides().size(); i++) {
      List<Double> row = model.anchors().get(i);
      float[] anchors = new float[row.size()];
      for (int k = 0; k < anchors.length; k++) {
        anchors[k] = row.get(k).floatValue();
      }
      levels.add(new HeadLevel(model.strides().get(i).floatValue(), anchors));
    }
    return new HeadDecoder(
        levels, model.network().head().classes(), model.network().head().masks());
  }

  /** {@return how many passes make sense at once: the processors over the engine's threads} */
  public static int defaultConcurrency() {
    int processors = Runtime.getRuntime().availableProcessors();
    int engine = Integer.getInteger("ai.djl.pytorch.num_threads", processors);
    return Math.max(processors / Math.max(engine, 1), 1);
  }
}
