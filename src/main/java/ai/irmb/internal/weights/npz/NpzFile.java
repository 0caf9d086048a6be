package ai.irmb.internal.weights.npz;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of an {@code .npz} file. Immutable.
 *
 * @param names of all arrays, in file order
 * @param arrays the floating-point arrays by name
 */
public record NpzFile(List<String> names, Map<String, HostTensor> arrays) {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([<|>=][a-zA-Z][0-9]*)', 'fortran_order': (True|False), 'shape':"
              + " \\(([0-9, ]*)\\),? *\\}\\s*");
  private static final Map<String, DType> TYPES =
      Map.of("<f2", DType.F16, "<f4", DType.F32, "<f8", DType.F64);
  private static final int MAX_ARRAY_BYTES = 1 << 30;

  /** NumPy's own limit. */
  private static final int MAX_HEADER_BYTES = 10_000;

  /** Copies the collections. */
  public NpzFile {
    names = List.copyOf(names);
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /**
   * {@return the arrays in a file}
   *
   * @throws WeightsException if it cannot be read, is not an {@code .npz} or is damaged
   */
  public static NpzFile read(Path file, Limits limits) {
    String source = String.valueOf(file.getFileName());
    if (!Files.exists(file)) {
      throw new WeightsException(file + ": there is no such file");
    }
    Map<String, @Nullable HostTensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > limits.getInt(Limit.ZIP_ENTRIES)) {
        throw new WeightsException(
            source + ": more entries than " + LimitMessages.limit(limits, Limit.ZIP_ENTRIES));
      }
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (!name.endsWith(".npy") || arrays.containsKey(name.substring(0, name.length() - 4))) {
          throw new WeightsException(
              source + ": expected .npy entries with unique names, found " + Quoting.quote(name));
        }
        try (InputStream in = zip.getInputStream(entry)) {
          arrays.put(
              name.substring(0, name.length() - 4),
              array(source + ": " + Quoting.escapeName(name), in, limits));
        }
      }
    } catch (IOException e) {
      throw new WeightsException(
          source + ": this is not an .npz file, or it is damaged: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // All partial results are garbage by now, so the JVM can continue.
      throw new WeightsException(source + ": there is not enough memory to read it; raise -Xmx", e);
    }
    Map<String, HostTensor> known = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (array != null) {
            known.put(name, array);
          }
        });
    return new NpzFile(List.copyOf(arrays.keySet()), known);
  }

  private static @Nullable HostTensor array(String where, InputStream in, Limits limits)
      throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || start[0] != (byte) 0x93 || start[1] != 'N' || start[5] != 'Y') {
      throw new WeightsException(where + ": this is not an .npy array");
    }
    byte[] length = in.readNBytes(start[6] == 1 ? 2 : 4);
    long size = 0;
    for (int i = length.length - 1; i >= 0; i--) {
      size = size << 8 | (length[i] & 0xFF);
    }
    if (size > MAX_HEADER_BYTES) {
      throw new WeightsException(
          where + ": a header of " + size + " bytes is over the limit of " + MAX_HEADER_BYTES);
    }
    String header = new String(in.readNBytes((int) size), StandardCharsets.UTF_8);
    Matcher matcher = HEADER.matcher(header);
    DType type = matcher.matches() ? TYPES.get(matcher.group(1)) : null;
    if (type == null || matcher.group(2).equals("True")) {
      return null;
    }
    Shape shape = shape(where, matcher.group(3), limits);
    long bytes;
    try {
      bytes = Math.multiplyExact(shape.elements(), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw new WeightsException(where + ": the shape " + shape + " is too large", e);
    }
    if (bytes > MAX_ARRAY_BYTES) {
      throw new WeightsException(
          where + ": " + bytes + " bytes are over the limit of " + MAX_ARRAY_BYTES);
    }
    byte[] data = in.readNBytes((int) bytes);
    if (data.length != bytes || in.read() >= 0) {
      throw new WeightsException(where + ": expected " + bytes + " bytes for shape " + shape);
    }
    return new HostTensor(type, shape, ByteBuffer.wrap(data));
  }

  private static Shape shape(String where, String text, Limits limits) {
    String[] parts =
        Arrays.stream(text.split(",", -1))
            .map(String::trim)
            .filter(s -> !s.isEmpty())
            .toArray(String[]::new);
    if (parts.length > limits.getInt(Limit.TENSOR_RANK)) {
      throw new WeightsException(
          where
              + ": "
              + parts.length
              + " axes are more than "
              + LimitMessages.limit(limits, Limit.TENSOR_RANK));
    }
    try {
      return Shape.of(Arrays.stream(parts).mapToLong(Long::parseLong).toArray());
    } catch (NumberFormatException e) {
      throw new WeightsException(where + ": the shape (" + text + ") is out of range", e);
    }
  }
}
