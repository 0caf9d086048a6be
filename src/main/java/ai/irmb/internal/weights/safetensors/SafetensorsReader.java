package ai.irmb.internal.weights.safetensors;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.json.JsonParser;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a safetensors file. Every tensor is a view of the file. */
public final class SafetensorsReader {
  private static final int LENGTH = 8;

  private SafetensorsReader() {}

  /** {@return whether the first bytes of a file are a length and an opening brace} */
  public static boolean matches(WeightFile file) {
    return file.size() > LENGTH && file.slice(LENGTH, 1).get(0) == '{';
  }

  /**
   * {@return the content of the file}
   *
   * @param file its bytes
   * @param limits bounds the header
   * @param budget bounds the memory that the header takes
   * @throws WeightsException if it breaks a rule of the format or a limit
   */
  public static SafetensorsFile read(WeightFile file, Limits limits, MemoryBudget budget) {
    String where = file.name() + ": header";
    long length = headerLength(file, limits);
    if (!budget.tryReserve(3 * length)) {
      throw new WeightsException(where + ": its size " + budget.exceededMessage());
    }
    Object json =
        JsonParser.parse(
            text(file.slice(LENGTH, length), where),
            where,
            Limit.HEADER_DEPTH,
            limits.getInt(Limit.HEADER_DEPTH),
            budget);
    if (!(json instanceof Map<?, ?> map)) {
      throw new WeightsException(where + ": expected a JSON object");
    }
    long start = LENGTH + length;
    SafetensorsHeader header = SafetensorsHeader.of(map, file.size() - start, where, limits);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      ByteBuffer bytes = file.slice(start + entry.begin(), entry.end() - entry.begin());
      tensors.put(entry.name(), new HostTensor(entry.dtype(), entry.shape(), bytes));
    }
    return new SafetensorsFile(header.metadata(), tensors);
  }

  private static long headerLength(WeightFile file, Limits limits) {
    long length = file.slice(0, LENGTH).getLong(0);
    if (length < 0 || length > file.size() - LENGTH) {
      throw new WeightsException(
          file.name()
              + ": header: its length of "
              + Long.toUnsignedString(length)
              + " bytes goes beyond the end of the file ("
              + file.size()
              + " bytes)");
    }
    if (length > limits.getInt(Limit.HEADER_BYTES)) {
      throw new WeightsException(
          file.name()
              + ": header: its length of "
              + length
              + " bytes is more than "
              + LimitMessages.limit(limits, Limit.HEADER_BYTES));
    }
    return length;
  }

  private static String text(ByteBuffer bytes, String where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(where + ": text is not valid UTF-8", e);
    }
  }
}
