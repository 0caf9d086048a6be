package ai.irmb.internal.checkpoint;

import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Bytes;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes NumPy scalars, which are pickled as {@code scalar(dtype, bytes)}. */
final class NumpyScalar {
  private NumpyScalar() {}

  /**
   * {@return the value as Boolean, Long, Double or String; null if the call is not a supported
   * scalar}
   */
  static @Nullable Object of(Call call) {
    List<PickleValue> arguments = call.arguments().items();
    if (!call.function().name().equals("scalar")
        || !call.function().module().endsWith(".multiarray")
        || arguments.size() != 2
        || !(arguments.get(0) instanceof Call dtype)
        || !(arguments.get(1) instanceof Bytes raw)
        || dtype.arguments().items().isEmpty()
        || !(dtype.arguments().items().get(0) instanceof Text code)) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw.value()).order(order(dtype));
    if (code.value().equals("U" + raw.value().length / 4) && raw.value().length > 0) {
      return ((Text) NumpyTextArray.decode(bytes, raw.value().length / 4, 1).get(0)).value();
    }
    return value(code.value(), bytes);
  }

  /** {@return the byte order of a pickled dtype} */
  static ByteOrder order(Call dtype) {
    return dtype.state() instanceof Tuple state
            && state.items().size() > 1
            && state.items().get(1).equals(new Text(">"))
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }

  private static @Nullable Object value(String code, ByteBuffer bytes) {
    return switch (code + "/" + bytes.remaining()) {
      case "b1/1" -> bytes.get() != 0;
      case "i1/1" -> (long) bytes.get();
      case "u1/1" -> bytes.get() & 0xFFL;
      case "i2/2" -> (long) bytes.getShort();
      case "u2/2" -> bytes.getShort() & 0xFFFFL;
      case "i4/4" -> (long) bytes.getInt();
      case "u4/4" -> bytes.getInt() & 0xFFFFFFFFL;
      case "i8/8" -> bytes.getLong();
      case "f4/4" -> (double) bytes.getFloat();
      case "f8/8" -> bytes.getDouble();
      default -> null;
    };
  }
}
