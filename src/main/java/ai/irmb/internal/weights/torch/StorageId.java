package ai.irmb.internal.weights.torch;

import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The persistent id of a storage. Its location ({@code cpu}, {@code cuda:0}) is ignored.
 *
 * @param type its class, such as {@code torch.HalfStorage}
 * @param key its name in the file
 * @param count number of its elements
 * @param offset byte offset of the id in the pickle
 */
record StorageId(Global type, String key, long count, long offset) {
  /** {@return the storage id in a zip's pickle, or null if this is not a storage id} */
  static @Nullable StorageId ofZip(PersistentId external) {
    return external.id().items().size() == 5 ? of(external) : null;
  }

  /** {@return the storage id in a legacy pickle, or null if this is not a storage id} */
  static @Nullable StorageId ofLegacy(PersistentId external) {
    List<PickleValue> items = external.id().items();
    return items.size() == 5 || (items.size() == 6 && items.get(5) == PickleValue.None.NONE)
        ? of(external)
        : null;
  }

  private static @Nullable StorageId of(PersistentId external) {
    List<PickleValue> items = external.id().items();
    return items.get(0) instanceof Text kind
            && kind.value().equals("storage")
            && items.get(1) instanceof Global type
            && items.get(2) instanceof Text key
            && items.get(3) instanceof Text
            && items.get(4) instanceof Int count
        ? new StorageId(type, key.value(), count.value(), external.offset())
        : null;
  }

  /** {@return the type of the elements, or null if it is not supported} */
  @Nullable DType dtype() {
    if (!type.module().equals("torch") && !type.module().equals("torch.cuda")) {
      return null;
    }
    return switch (type.name()) {
      case "HalfStorage" -> DType.F16;
      case "BFloat16Storage" -> DType.BF16;
      case "FloatStorage" -> DType.F32;
      case "DoubleStorage" -> DType.F64;
      case "CharStorage" -> DType.I8;
      case "ByteStorage" -> DType.U8;
      case "ShortStorage" -> DType.I16;
      case "IntStorage" -> DType.I32;
      case "LongStorage" -> DType.I64;
      case "BoolStorage" -> DType.BOOL;
      default -> null;
    };
  }

  /** {@return whether two ids with the same key describe the same storage} */
  boolean hasSameTypeAndCount(StorageId other) {
    return type.equals(other.type) && count == other.count;
  }
}
