package ai.irmb.internal.checkpoint;

import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Bytes;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one-dimensional NumPy arrays of text, whose pickled state is {@code (version, shape,
 * dtype, fortran_order, data)}.
 */
final class NumpyTextArray {
  private static final int CODE_POINT_BYTES = 4;

  private NumpyTextArray() {}

  /**
   * {@return the elements, or null if the call is not such an array}
   *
   * @param max number of elements; of a larger array one more is decoded
   */
  static @Nullable List<PickleValue> of(Call call, int max) {
    if (!call.function().name().equals("_reconstruct")
        || !call.function().module().endsWith(".multiarray")
        || !(call.state() instanceof Tuple state)
        || state.items().size() != 5
        || !(state.items().get(2) instanceof Call dtype)
        || dtype.arguments().items().isEmpty()
        || !(dtype.arguments().items().get(0) instanceof Text code)) {
      return null;
    }
    PickleValue data = state.items().get(4);
    if (code.value().startsWith("O") && data instanceof Sequence list) {
      return list.items();
    }
    return code.value().matches("U[1-9][0-9]{0,5}") && data instanceof Bytes bytes
        ? decode(
            ByteBuffer.wrap(bytes.value()).order(NumpyScalar.order(dtype)),
            Integer.parseInt(code.value().substring(1)),
            max)
        : null;
  }

  /** Decodes UTF-32 of a fixed length, padded with zeros. */
  static List<PickleValue> decode(ByteBuffer in, int length, int max) {
    List<PickleValue> out = new ArrayList<>();
    while (in.remaining() >= length * CODE_POINT_BYTES && out.size() <= max) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        int point = in.getInt();
        if (point != 0) {
          text.appendCodePoint(Character.isValidCodePoint(point) ? point : 0xFFFD);
        }
      }
      out.add(new Text(text.toString()));
    }
    return out;
  }
}
