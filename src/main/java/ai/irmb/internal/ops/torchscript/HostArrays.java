package ai.irmb.internal.ops.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Copies tensors to the engine and back. */
final class HostArrays {
  private HostArrays() {}

  /** {@return the tensor in the engine's memory; a direct buffer is not copied on a CPU} */
  static PtNDArray upload(NDManager owner, HostTensor tensor) {
    ai.djl.ndarray.types.Shape shape = new ai.djl.ndarray.types.Shape(tensor.shape().toArray());
    return (PtNDArray)
        switch (tensor.dtype()) {
          case F32 -> owner.create(tensor.bytes(), shape, DataType.FLOAT32);
          case F16 -> owner.create(tensor.bytes(), shape, DataType.FLOAT16);
          case F64 -> owner.create(tensor.bytes(), shape, DataType.FLOAT64);
          case U8 -> owner.create(tensor.bytes(), shape, DataType.UINT8);
          // The other types are rare, and DJL crashes the JVM for some of them.
          default -> owner.create(FloatBuffer.wrap(tensor.toFloats()), shape, DataType.FLOAT32);
        };
  }

  /** {@return a copy of a single-precision array in JVM memory} */
  static HostTensor download(NDArray array) {
    float[] values = array.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new HostTensor(DType.F32, Shape.of(array.getShape().getShape()), bytes);
  }
}
