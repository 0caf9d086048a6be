package ai.irmb.internal.execution;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.ops.eager.EagerOps;
import ai.irmb.internal.ops.eager.EagerWeights;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model eagerly, in single precision, and records its attention. The first run uploads the
 * weights, which stay until this is closed. Safe for concurrent use.
 */
public final class AttentionTrace implements AutoCloseable {
  private final Model model;
  private final @Nullable String device;
  private @Nullable NDManager manager;
  private @Nullable EagerWeights weights;

  /**
   * @param device as for a detector, or null
   */
  public AttentionTrace(Model model, @Nullable String device) {
    this.model = model;
    this.device = device;
  }

  /**
   * The attention that the positions of a feature map receive in one block.
   *
   * @param layer of the block; a layer may have several blocks, in the order of the forward pass
   * @param height of the feature map
   * @param width of the feature map
   * @param received (rows, columns) of the map that was cut into windows, padding included:
   *     attention averaged over the heads and the queries of a position's window, times the
   *     window's number of positions, so that its mean is 1
   */
  public record BlockAttention(int layer, int height, int width, HostTensor received) {}

  /**
   * {@return the attention of every block of the network on an image, in the order of the forward
   * pass}
   *
   * @param batch of one image
   * @throws InferenceException if the engine or the device is missing, or the engine fails
   */
  public List<BlockAttention> run(Batch batch) {
    EagerWeights bound = weights();
    try (NDManager call = bound.newManager()) {
      RecordingOps watch = new RecordingOps(call, bound);
      model
          .network()
          .forward(
              watch,
              EagerExecution.input(call, batch, DataType.FLOAT32),
              (index, output, alive) -> {
                watch.layer = index + 1;
                watch.releaseExcept(alive);
              });
      return watch.recorded;
    } catch (EngineException e) {
      throw new InferenceException(
          model.network().source() + ": the engine failed: " + e.getMessage(), e);
    }
  }

  private synchronized EagerWeights weights() {
    if (manager == null || weights == null) {
      manager = PyTorchEngine.get().newManager(device);
      weights = new EagerWeights(manager, DataType.FLOAT32);
    }
    return weights;
  }

  /** Releases the weights. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (manager != null) {
      manager.close();
    }
  }

  private static final class RecordingOps extends EagerOps {
    private final List<BlockAttention> recorded = new ArrayList<>();
    private int layer;

    /** Shape before the last padding; the attention that follows works on that map. */
    private Shape unpadded = new Shape(0, 0, 0, 0);

    RecordingOps(NDManager call, EagerWeights weights) {
      super(call, weights);
    }

    @Override
    public NDArray padToWindows(NDArray x, WindowGrid grid) {
      unpadded = x.getShape();
      return super.padToWindows(x, grid);
    }

    @Override
    protected void onAttention(NDArray weight, Shape map, WindowGrid grid) {
      int rows = (int) map.get(2);
      int columns = (int) map.get(3);
      boolean isPadded =
          grid.padded(unpadded.get(2)) == rows && grid.padded(unpadded.get(3)) == columns;
      long h = grid.windowOf(rows);
      long w = grid.windowOf(columns);
      float[] received;
      try (NDManager local = weight.getManager().newSubManager()) {
        NDArray ofQueries = weight.mean(new int[] {2});
        ofQueries.attach(local);
        received =
            ofQueries
                .mean(new int[] {1})
                .mul(h * w)
                .reshape(rows / h, columns / w, h, w)
                .transpose(2, 0, 3, 1)
                .flatten()
                .toFloatArray();
      }
      recorded.add(
          new BlockAttention(
              layer,
              isPadded ? (int) unpadded.get(2) : rows,
              isPadded ? (int) unpadded.get(3) : columns,
              HostTensor.of(ai.irmb.tensor.Shape.of(rows, columns), received)));
    }
  }
}
