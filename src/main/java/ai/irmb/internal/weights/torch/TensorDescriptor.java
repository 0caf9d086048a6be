package ai.irmb.internal.weights.torch;

import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Storage, offset, sizes and strides of a tensor, as pickled and still unchecked.
 *
 * @param storage the storage of its elements
 * @param offset of its first element
 * @param sizes outermost first
 * @param strides in elements
 */
record TensorDescriptor(PersistentId storage, long offset, List<Long> sizes, List<Long> strides) {
  /** Bounds how many calls may wrap the tensor; {@code Parameter} wraps it once. */
  private static final int MAX_WRAPPERS = 4;

  /** PyTorch's own limit. One long tuple may be an argument of many calls. */
  private static final int MAX_RANK = 64;

  private static final int MAX_FLAGS = 8;

  /** {@return whether a value is a call that rebuilds a tensor} */
  static boolean isTensor(PickleValue value) {
    return value instanceof Call call && isTensorFunction(call.function());
  }

  /** {@return the tensor that a call rebuilds, or null if its arguments are malformed} */
  static @Nullable TensorDescriptor of(Call call) {
    Call inner = call;
    for (int i = 0; i < MAX_WRAPPERS; i++) {
      List<PickleValue> arguments = inner.arguments().items();
      switch (inner.function().name()) {
        case "_rebuild_tensor" -> {
          return arguments.size() == 4 ? fromArguments(arguments) : null;
        }
        case "_rebuild_tensor_v2" -> {
          return hasNoFlagSet(arguments) ? fromArguments(arguments) : null;
        }
        case "_rebuild_parameter", "_rebuild_parameter_with_state" -> {
          if (arguments.isEmpty() || !(arguments.get(0) instanceof Call next)) {
            return null;
          }
          inner = next;
        }
        case "_rebuild_from_type_v2" -> {
          if (arguments.size() != 4
              || !(arguments.get(0) instanceof Global function)
              || !isTensorFunction(function)
              || !(arguments.get(2) instanceof Tuple nested)) {
            return null;
          }
          if (!function.name().equals("_rebuild_tensor_v2")) {
            return null;
          }
          return hasNoFlagSet(nested.items()) ? fromArguments(nested.items()) : null;
        }
        default -> {
          return null;
        }
      }
    }
    return null;
  }

  private static boolean isTensorFunction(Global function) {
    return (function.module().equals("torch._utils") && function.name().startsWith("_rebuild_"))
        || (function.module().equals("torch._tensor")
            && function.name().equals("_rebuild_from_type_v2"));
  }

  /**
   * {@return whether the arguments after the strides are requires_grad, hooks and perhaps flags
   * (conjugated, negated), none of which is set}
   */
  private static boolean hasNoFlagSet(List<PickleValue> arguments) {
    int count = arguments.size();
    if (count != 6 && count != 7) {
      return false;
    }
    return count == 6
        || arguments.get(6) == PickleValue.None.NONE
        || (arguments.get(6) instanceof Dict flags
            && flags.entries().size() <= MAX_FLAGS
            && flags.entries().values().stream()
                .allMatch(flag -> flag.equals(new PickleValue.Bool(false))));
  }

  private static @Nullable TensorDescriptor fromArguments(List<PickleValue> arguments) {
    List<Long> sizes = toLongs(arguments.get(2));
    List<Long> strides = toLongs(arguments.get(3));
    return arguments.get(0) instanceof PersistentId storage
            && arguments.get(1) instanceof Int offset
            && sizes != null
            && strides != null
        ? new TensorDescriptor(storage, offset.value(), sizes, strides)
        : null;
  }

  /** {@return the integers of a tuple or {@code torch.Size}, or null if the value is neither} */
  private static @Nullable List<Long> toLongs(PickleValue value) {
    PickleValue plain =
        value instanceof Call size
                && size.function().name().equals("Size")
                && size.arguments().items().size() == 1
            ? size.arguments().items().get(0)
            : value;
    if (!(plain instanceof Tuple tuple) || tuple.items().size() > MAX_RANK) {
      return null;
    }
    List<Long> out = new ArrayList<>();
    for (PickleValue item : tuple.items()) {
      if (!(item instanceof Int number)) {
        return null;
      }
      out.add(number.value());
    }
    return out;
  }
}
