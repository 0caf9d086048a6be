package ai.irmb.internal.execution;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.network.Network;
import ai.irmb.internal.ops.eager.EagerOps;
import ai.irmb.internal.ops.eager.EagerWeights;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.HeadDecoder;
import ai.irmb.internal.postprocess.LevelOutput;
import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the network one operation after the other: the reference execution. */
public final class EagerExecution implements Execution {
  private final NDManager manager;
  private final EagerWeights weights;
  private final Network network;
  private final HeadDecoder decoder;
  private final DataType type;

  /**
   * @param manager of the device; closed with this execution
   * @param network to run
   * @param decoder of its head
   * @param half whether to compute in half precision
   */
  public EagerExecution(NDManager manager, Network network, HeadDecoder decoder, boolean half) {
    this.manager = manager;
    this.type = half ? DataType.FLOAT16 : DataType.FLOAT32;
    this.weights = new EagerWeights(manager, type);
    this.network = network;
    this.decoder = decoder;
  }

  @Override
  public List<ImageResult> run(Batch batch, CandidateFilter filter) {
    try (NDManager call = manager.newSubManager()) {
      Head.Outputs<NDArray> outputs = forward(call, input(call, batch, type));
      List<LevelOutput> levels = new ArrayList<>();
      for (NDArray level : outputs.levels()) {
        Shape s = level.getShape();
        levels.add(new LevelOutput(floats(level), (int) s.get(2), (int) s.get(3)));
      }
      return results(batch, filter, levels, outputs.proto());
    } catch (EngineException e) {
      throw new InferenceException(
          network.source()
              + ": the engine failed on a batch of "
              + batch.count()
              + " x 3 x "
              + batch.height()
              + " x "
              + batch.width()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** {@return the images as (N, 3, H, W), values 0 to 1} */
  static NDArray input(NDManager call, Batch batch, DataType type) {
    Shape shape = new Shape(batch.count(), batch.height(), batch.width(), 3);
    Shape planar = new Shape(batch.count(), 3, batch.height(), batch.width());
    try (NDArray bytes = call.create(batch.pixels().duplicate().clear(), shape, DataType.UINT8);
        NDArray transposed = bytes.transpose(0, 3, 1, 2);
        // Flattening copies the values into contiguous (N, 3, H, W) order.
        NDArray flat = transposed.flatten();
        NDArray planes = flat.reshape(planar);
        NDArray typed = planes.toType(type, true)) {
      return typed.div(255);
    }
  }

  /** Frees the intermediate arrays of each layer when the layer is done. */
  private Head.Outputs<NDArray> forward(NDManager call, NDArray x) {
    EagerOps ops = new EagerOps(call, weights);
    return network.forward(ops, x, (index, output, alive) -> ops.releaseExcept(alive));
  }

  private static float[] floats(NDArray array) {
    if (array.getDataType() == DataType.FLOAT32) {
      return array.toFloatArray();
    }
    try (NDArray single = array.toType(DataType.FLOAT32, true);
        NDArray sum = single.sum()) {
      if (!Float.isFinite(sum.getFloat())) {
        throw new NonFiniteException();
      }
      return single.toFloatArray();
    }
  }

  private List<ImageResult> results(
      Batch batch, CandidateFilter filter, List<LevelOutput> levels, @Nullable NDArray proto) {
    List<ScoredBoxes> candidates = decoder.candidates(levels, filter);
    List<ImageResult> results = new ArrayList<>();
    float[] all = proto == null ? new float[0] : floats(proto);
    for (int i = 0; i < batch.count(); i++) {
      int each = all.length / batch.count();
      Prototypes own =
          proto == null
              ? null
              : new Prototypes(
                  Arrays.copyOfRange(all, i * each, (i + 1) * each),
                  (int) proto.getShape().get(2),
                  (int) proto.getShape().get(3));
      results.add(new ImageResult(candidates.get(i), own));
    }
    return results;
  }

  @Override
  public void close() {
    weights.close();
    manager.close();
  }
}
