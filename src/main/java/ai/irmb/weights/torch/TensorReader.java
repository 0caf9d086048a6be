package ai.irmb.weights.torch;

import ai.irmb.error.Excerpt;
import ai.irmb.error.WeightsException;
import ai.irmb.limit.Limits;
import ai.irmb.limit.MemoryBudget;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.weights.pickle.PickleValue.Call;
import ai.irmb.weights.pickle.PickleValue.External;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes tensors of the calls in a pickle: checks that each lies within its storage, then takes a
 * view of the file where the elements lie in order, and gathers them where they do not.
 */
final class TensorReader {
  private final String fileName;
  private final Storages storages;
  private final Function<External, @Nullable StorageId> ids;
  private final Limits limits;
  private final MemoryBudget budget;

  TensorReader(
      String fileName,
      Storages storages,
      Function<External, @Nullable StorageId> ids,
      Limits limits,
      MemoryBudget budget) {
    this.fileName = fileName;
    this.storages = storages;
    this.ids = ids;
    this.limits = limits;
    this.budget = budget;
  }

  /**
   * {@return the tensor that a call describes}
   *
   * @param key what the model calls it, for errors
   */
  HostTensor read(Call call, String key) {
    Checked checked = check(call, key + ", ");
    ByteBuffer bytes = storages.bytes(checked.storage, checked.label);
    return new HostTensor(
        checked.dtype, Shape.of(checked.tensor.sizes()), elements(checked, bytes));
  }

  /** {@return the shape of a tensor, checked to lie within its storage} */
  Shape shape(Call call, String key) {
    return Shape.of(check(call, key + ", ").tensor.sizes());
  }

  /** Checks a tensor that nobody has a name for. */
  void check(Call call) {
    check(call, "");
  }

  private record Checked(
      TensorCall tensor, StorageId storage, DType dtype, long elements, String label) {}

  private Checked check(Call call, String prefix) {
    TensorCall tensor = TensorCall.of(call);
    if (tensor == null) {
      throw error(
          prefix
              + "data.pkl, byte "
              + call.offset()
              + ": "
              + Excerpt.name(call.function().fullName())
              + " has arguments that are not those of a tensor");
    }
    StorageId storage = ids.apply(tensor.storage());
    if (storage == null) {
      throw error(prefix + "the tensor has no storage");
    }
    String label = prefix + "data/" + Excerpt.name(storage.key());
    DType dtype = storage.dtype();
    if (dtype == null) {
      throw error(
          label + ": elements of " + Excerpt.name(storage.type().fullName()) + " are not read");
    }
    long elements = checkShape(tensor, label);
    storages.check(storage, label);
    checkBounds(tensor, elements, storage.count(), label);
    return new Checked(tensor, storage, dtype, elements, label);
  }

  private long checkShape(TensorCall tensor, String label) {
    long[] sizes = tensor.sizes();
    long[] strides = tensor.strides();
    if (sizes.length != strides.length) {
      throw error(
          label
              + ": the tensor has "
              + sizes.length
              + " sizes, but "
              + strides.length
              + " strides");
    }
    if (sizes.length > limits.tensorRank()) {
      throw error(
          label
              + ": "
              + sizes.length
              + " dimensions are more than the limit of "
              + limits.tensorRank()
              + "; raise Limits.tensorRank if this is intended");
    }
    long elements = 1;
    boolean empty = false;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 0 || strides[i] < 0) {
        throw error(label + ": a size or stride of the tensor is negative");
      }
      empty |= sizes[i] == 0;
    }
    for (int i = 0; i < sizes.length && !empty; i++) {
      if (sizes[i] > Long.MAX_VALUE / 8 / elements) {
        throw error(label + ": the tensor is too large, its number of elements overflows");
      }
      elements *= sizes[i];
    }
    if (tensor.offset() < 0) {
      throw error(label + ": the offset of the tensor in its storage is negative");
    }
    return empty ? 0 : elements;
  }

  private void checkBounds(TensorCall tensor, long elements, long count, String label) {
    long last = tensor.offset();
    if (elements == 0) {
      if (last > count) {
        throw outside(tensor, count, label);
      }
      return;
    }
    try {
      for (int i = 0; i < tensor.sizes().length; i++) {
        last = Math.addExact(last, Math.multiplyExact(tensor.sizes()[i] - 1, tensor.strides()[i]));
      }
    } catch (ArithmeticException e) {
      throw new WeightsException(outside(tensor, count, label).getMessage(), e);
    }
    if (last >= count) {
      throw outside(tensor, count, label);
    }
  }

  private WeightsException outside(TensorCall tensor, long count, String label) {
    return error(
        label
            + ": a tensor of shape "
            + Shape.of(tensor.sizes())
            + " at offset "
            + tensor.offset()
            + " goes beyond its storage of "
            + count
            + " elements");
  }

  private ByteBuffer elements(Checked checked, ByteBuffer storage) {
    int width = checked.dtype.bytes();
    long bytes = checked.elements * width;
    boolean inOrder = isContiguous(checked.tensor.sizes(), checked.tensor.strides());
    if (checked.elements == 0) {
      return ByteBuffer.allocate(0);
    }
    if (inOrder && (width == 1 || !storages.isBigEndian())) {
      return storage.slice((int) (checked.tensor.offset() * width), (int) bytes);
    }
    if (bytes > Integer.MAX_VALUE - 8 || !budget.take(bytes)) {
      throw error(
          checked.label
              + ": a tensor of "
              + checked.elements
              + " elements out of order is too large, it "
              + budget.exceeded());
    }
    return gathered(checked.tensor, storage, width, (int) bytes);
  }

  /** Strides of axes of size 1 say nothing. */
  private static boolean isContiguous(long[] sizes, long[] strides) {
    long expected = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      if (sizes[i] != 1) {
        if (strides[i] != expected) {
          return false;
        }
        expected *= sizes[i];
      }
    }
    return true;
  }

  /**
   * Copies the elements into row-major order and the least significant byte of each to the front.
   */
  private ByteBuffer gathered(TensorCall tensor, ByteBuffer storage, int width, int bytes) {
    ByteBuffer in =
        storage
            .duplicate()
            .order(storages.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] sizes = tensor.sizes();
    long[] index = new long[sizes.length];
    long at = tensor.offset();
    while (out.hasRemaining()) {
      copy(in, (int) (at * width), out, width);
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        at += tensor.strides()[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        at -= sizes[axis] * tensor.strides()[axis];
        index[axis] = 0;
      }
    }
    return out.flip();
  }

  private static void copy(ByteBuffer in, int at, ByteBuffer out, int width) {
    switch (width) {
      case 1 -> out.put(in.get(at));
      case 2 -> out.putShort(in.getShort(at));
      case 4 -> out.putInt(in.getInt(at));
      default -> out.putLong(in.getLong(at));
    }
  }

  private WeightsException error(String problem) {
    return new WeightsException(fileName + ": " + problem);
  }
}
