package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tensors that the calls in a pickle describe. Checks that each is within its storage. A
 * contiguous tensor is a view of the file; the elements of any other are copied in order.
 */
final class TensorReader {
  /** Estimated memory for one tensor without its elements, including temporaries. */
  private static final int TENSOR_BYTES = 2_000;

  private final String fileName;
  private final Storages storages;
  private final Function<PersistentId, @Nullable StorageId> ids;
  private final Limits limits;
  private final MemoryBudget budget;

  /** Bounds the total size of views: they are free, but copying or writing them is not. */
  private final MemoryBudget viewBudget;

  TensorReader(
      String fileName,
      Storages storages,
      Function<PersistentId, @Nullable StorageId> ids,
      Limits limits,
      MemoryBudget budget) {
    this.fileName = fileName;
    this.storages = storages;
    this.ids = ids;
    this.limits = limits;
    this.budget = budget;
    this.viewBudget = budget.copyUnused();
  }

  /**
   * {@return the tensor that a call describes}
   *
   * @param key key of the tensor, for error messages
   */
  HostTensor read(Call call, String key) {
    if (!budget.tryReserve(TENSOR_BYTES)) {
      throw error(key + ": the number of tensors " + budget.exceededMessage());
    }
    CheckedTensor checked = check(call, key + ", ");
    ByteBuffer bytes = storages.bytes(checked.storage, checked.label);
    return new HostTensor(
        checked.dtype, new Shape(checked.tensor.sizes()), elements(checked, bytes));
  }

  /** {@return the shape of a tensor, which was checked to be within its storage} */
  Shape shape(Call call, String key) {
    return new Shape(check(call, key + ", ").tensor.sizes());
  }

  /** Checks a tensor that is not part of the network; its element type may be unsupported. */
  void check(Call call) {
    TensorDescriptor tensor = TensorDescriptor.of(call);
    StorageId storage = tensor == null ? null : ids.apply(tensor.storage());
    if (storage == null || storage.dtype() != null) {
      check(call, "");
    }
  }

  private record CheckedTensor(
      TensorDescriptor tensor, StorageId storage, DType dtype, long elements, String label) {}

  private CheckedTensor check(Call call, String prefix) {
    TensorDescriptor tensor = TensorDescriptor.of(call);
    if (tensor == null) {
      throw error(
          prefix
              + "pickle, byte "
              + call.offset()
              + ": "
              + Quoting.escapeName(call.function().fullName())
              + " has arguments that are not those of a tensor");
    }
    StorageId storage = ids.apply(tensor.storage());
    if (storage == null) {
      throw error(prefix + "the tensor has no storage");
    }
    String label = prefix + "data/" + Quoting.escapeName(storage.key());
    DType dtype = storage.dtype();
    if (dtype == null) {
      throw error(
          label
              + ": elements of "
              + Quoting.escapeName(storage.type().fullName())
              + " are not supported");
    }
    long elements = checkShape(tensor, label);
    storages.check(storage, label);
    checkBounds(tensor, elements, storage.count(), label);
    return new CheckedTensor(tensor, storage, dtype, elements, label);
  }

  private static boolean anyNegative(List<Long> values) {
    for (long value : values) {
      if (value < 0) {
        return true;
      }
    }
    return false;
  }

  private long checkShape(TensorDescriptor tensor, String label) {
    int rank = tensor.sizes().size();
    if (rank != tensor.strides().size()) {
      throw error(
          label
              + ": the tensor has "
              + rank
              + " sizes, but "
              + tensor.strides().size()
              + " strides");
    }
    if (rank > limits.getInt(Limit.TENSOR_RANK)) {
      throw error(
          label
              + ": "
              + rank
              + " dimensions are more than "
              + LimitMessages.limit(limits, Limit.TENSOR_RANK));
    }
    if (tensor.offset() < 0 || anyNegative(tensor.sizes()) || anyNegative(tensor.strides())) {
      throw error(label + ": an offset, size or stride of the tensor is negative");
    }
    if (tensor.sizes().contains(0L)) {
      return 0;
    }
    long elements = 1;
    for (long size : tensor.sizes()) {
      if (size > Long.MAX_VALUE / 8 / elements) {
        throw error(label + ": the tensor is too large, its number of elements overflows");
      }
      elements *= size;
    }
    return elements;
  }

  private WeightsException outOfBounds(TensorDescriptor tensor, long count, String label) {
    return error(
        label
            + ": a tensor of shape "
            + tensor.sizes()
            + " at offset "
            + tensor.offset()
            + " goes beyond its storage of "
            + count
            + " elements");
  }

  private void checkBounds(TensorDescriptor tensor, long elements, long count, String label) {
    if (elements == 0) {
      if (tensor.offset() > count) {
        throw outOfBounds(tensor, count, label);
      }
      return;
    }
    try {
      long last = tensor.offset();
      for (int i = 0; i < tensor.sizes().size(); i++) {
        long steps = tensor.sizes().get(i) - 1;
        last = Math.addExact(last, Math.multiplyExact(steps, tensor.strides().get(i)));
      }
      if (last >= count) {
        throw outOfBounds(tensor, count, label);
      }
    } catch (ArithmeticException e) {
      throw outOfBounds(tensor, count, label);
    }
  }

  private ByteBuffer elements(CheckedTensor checked, ByteBuffer storage) {
    int width = checked.dtype.bytes();
    long bytes = checked.elements * width;
    boolean contiguous = isContiguous(checked.tensor.sizes(), checked.tensor.strides());
    if (checked.elements == 0) {
      return ByteBuffer.allocate(0);
    }
    if (contiguous && (width == 1 || !storages.isBigEndian())) {
      if (!viewBudget.tryReserve(bytes)) {
        throw error(
            checked.label
                + ": tensors share storages so often that they "
                + viewBudget.exceededMessage()
                + " when they are written out");
      }
      return storage.slice((int) (checked.tensor.offset() * width), (int) bytes);
    }
    if (bytes > Integer.MAX_VALUE - 8 || !budget.tryReserve(bytes)) {
      throw error(
          checked.label
              + ": a tensor of "
              + checked.elements
              + " elements that are not contiguous is too large, it "
              + budget.exceededMessage());
    }
    return gather(checked.tensor, storage, width, (int) bytes);
  }

  /**
   * {@return whether the elements are in row-major order; strides of axes of size 1 are ignored}
   */
  private static boolean isContiguous(List<Long> sizes, List<Long> strides) {
    long expected = 1;
    for (int i = sizes.size() - 1; i >= 0; i--) {
      if (sizes.get(i) != 1) {
        if (strides.get(i) != expected) {
          return false;
        }
        expected *= sizes.get(i);
      }
    }
    return true;
  }

  /** {@return a copy of the elements in row-major, little-endian order} */
  private ByteBuffer gather(TensorDescriptor tensor, ByteBuffer storage, int width, int bytes) {
    ByteBuffer in =
        storage
            .duplicate()
            .order(storages.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] sizes = toArray(tensor.sizes());
    long[] strides = toArray(tensor.strides());
    long[] index = new long[sizes.length];
    long element = tensor.offset();
    while (out.hasRemaining()) {
      copy(in, (int) (element * width), out, width);
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        element += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        element -= sizes[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return out.flip();
  }

  private static long[] toArray(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static void copy(ByteBuffer in, int position, ByteBuffer out, int width) {
    switch (width) {
      case 1 -> out.put(in.get(position));
      case 2 -> out.putShort(in.getShort(position));
      case 4 -> out.putInt(in.getInt(position));
      default -> out.putLong(in.getLong(position));
    }
  }

  private WeightsException error(String problem) {
    return new WeightsException(fileName + ": " + problem);
  }
}
