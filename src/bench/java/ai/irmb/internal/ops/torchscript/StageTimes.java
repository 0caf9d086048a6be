package ai.irmb.internal.ops.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import ai.irmb.internal.network.Model;
import ai.irmb.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs the beginning of a forward pass, up to the end of one stage, so that the stages can be
 * timed.
 *
 * <p>A GPU works behind the caller's back: a clock between two calls would time their launches. So
 * each prefix of the pass is run on its own and ends with a synchronization, the download of one
 * number; the time of a stage is the difference of two prefixes. On a CPU the same prefixes run.
 *
 * <p>Where the program filters before the head (on a CPU), the head's convolution is part of the
 * selection.
 */
public final class StageTimes implements AutoCloseable {
  /** The stages in order; each prefix contains the ones before it. */
  public enum Stage {
    /** The images' bytes to the device. */
    UPLOAD,
    /** Bytes to the outputs of the network. */
    NETWORK,
    /** The candidates among the outputs. */
    SELECTION,
    /** The candidates to the JVM. */
    DOWNLOAD
  }

  private static final String NETWORK = "network";

  private final NDManager manager;
  private final ScriptModule module;
  private final IValue sizes;
  private final IValue weights;
  private final NDArray number;
  private final double logit;

  /**
   * @param manager on the target's device; owned and closed by this object
   * @param images the input's shape, (N, C, H, W)
   * @param confidence threshold of the selection
   */
  public StageTimes(
      Model model,
      ScriptTarget target,
      NDManager manager,
      ai.irmb.tensor.Shape images,
      double confidence) {
    ScriptOps ops = new ScriptOps();
    List<Symbol> levels =
        model
            .network()
            .forward(ops, ops.image(images), (index, output, alive) -> {})
            .levels()
            .stream()
            .map(ops::asMap)
            .toList();
    Backend backend = target.backend();
    WeightList list = new WeightList();
    SizeArguments source =
        ScriptSource.of(
            GraphOptimizations.apply(levels, backend),
            Collections.nCopies(levels.size(), model.network().head().layout()),
            backend,
            list);
    String network =
        """
          def network(__self__, x: Tensor, w: List[Tensor], s: List[int], interleaved: bool) -> List[Tensor]:
            return (__self__).body((__self__).input(x, interleaved, ), w, s, )
        """;
    this.manager = manager;
    this.module = ScriptModule.load(manager, source.text() + network);
    this.sizes = IValue.listFrom(source.sizes());
    this.weights =
        IValue.listFrom(new WeightStore(manager, backend).get(list.expressions()).arrays());
    this.number = manager.zeros(new Shape(1), DataType.FLOAT32);
    this.logit = Math.log(confidence / (1 - confidence));
  }

  /**
   * Runs the pass up to the end of a stage.
   *
   * @param images (N, H, W, C)
   */
  public void run(Stage last, HostTensor images) {
    try (NDManager call = manager.newSubManager();
        IValue x = IValue.from(HostArrays.upload(call, images));
        IValue interleaved = IValue.from(true);
        IValue threshold = IValue.from(logit)) {
      if (last == Stage.NETWORK) {
        module.run(call, NETWORK, x, weights, sizes, interleaved);
      } else if (last != Stage.UPLOAD) {
        PtNDArray[] found =
            module.run(
                call, ScriptSource.FILTERED_OUTPUTS, x, weights, sizes, interleaved, threshold);
        if (last == Stage.DOWNLOAD) {
          for (PtNDArray array : found) {
            array.toByteBuffer();
          }
        }
      }
      number.toFloatArray();
    }
  }

  /**
   * {@return the complete outputs, in single precision}
   *
   * @param images (N, H, W, C)
   */
  public List<float[]> outputs(HostTensor images) {
    try (NDManager call = manager.newSubManager();
        IValue x = IValue.from(HostArrays.upload(call, images));
        IValue interleaved = IValue.from(true)) {
      List<float[]> outputs = new ArrayList<>();
      for (PtNDArray array :
          module.run(call, ScriptSource.OUTPUTS, x, weights, sizes, interleaved)) {
        outputs.add(array.toFloatArray());
      }
      return outputs;
    }
  }

  @Override
  public void close() {
    sizes.close();
    weights.close();
    module.close();
    manager.close();
  }
}
