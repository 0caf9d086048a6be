package ai.irmb.internal.ops.eager;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.HostTensor;
import java.util.IdentityHashMap;

/**
 * Weights as engine arrays. Each is computed and copied to the device at its first use. Owns the
 * arrays; safe for concurrent use.
 */
public final class EagerWeights implements AutoCloseable {
  private final NDManager manager;
  private final DataType type;
  private final IdentityHashMap<Weight, NDArray> bound = new IdentityHashMap<>();

  /**
   * @param parent whose device is used; closing it closes these weights too
   * @param type of the arrays, and so of the computation: {@link DataType#FLOAT32} or, on CUDA,
   *     {@link DataType#FLOAT16}
   */
  public EagerWeights(NDManager parent, DataType type) {
    this.manager = parent.newSubManager();
    this.type = type;
  }

  /** {@return the type of the arrays} */
  DataType type() {
    return type;
  }

  /** {@return a manager on the device of the weights, for the arrays of one call} */
  public NDManager newManager() {
    return manager.newSubManager();
  }

  /** {@return the weight's array, owned by this object; the caller must not close it} */
  synchronized NDArray get(Weight weight) {
    NDArray array = bound.get(weight);
    if (array == null) {
      array = create(weight);
      bound.put(weight, array);
    }
    return array;
  }

  private NDArray create(Weight weight) {
    HostTensor host = weight.load();
    NDArray single = manager.create(host.toFloats(), new Shape(host.shape().toArray()));
    if (type == DataType.FLOAT32) {
      return single;
    }
    try (single) {
      return single.toType(type, true);
    }
  }

  /** Releases every array. A second call does nothing. */
  @Override
  public synchronized void close() {
    bound.clear();
    manager.close();
  }
}
