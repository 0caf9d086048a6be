package ai.irmb.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads NumPy's {@code .npz} as the reference data have it: {@code .npy} 1.0, little-endian
 * float32, C order; anything else is an error.
 */
public final class Npz {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\), \\}\\s*");

  private Npz() {}

  /** An array, row-major. */
  public static final class Array {
    private final int[] shape;
    private final float[] data;

    Array(int[] shape, float[] data) {
      this.shape = shape;
      this.data = data;
    }

    /** {@return its sizes, outermost first} */
    public int[] shape() {
      return shape;
    }

    /** {@return its elements} */
    public float[] data() {
      return data;
    }
  }

  /** {@return every array by its name without {@code .npy}, in the file's order} */
  public static Map<String, Array> read(Path file) throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      for (ZipEntry entry : Collections.list(entries)) {
        String name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw new IOException(file + ": " + name + " is no .npy");
        }
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        arrays.put(name.substring(0, name.length() - 4), parse(file + ": " + name, bytes));
      }
    }
    return arrays;
  }

  private static Array parse(String where, byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    in.get(magic);
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals("\u0093NUMPY\u0001\0")) {
      throw new IOException(where + " is no .npy of version 1.0");
    }
    byte[] header = new byte[in.getShort() & 0xFFFF];
    in.get(header);
    String text = new String(header, StandardCharsets.ISO_8859_1);
    Matcher matcher = HEADER.matcher(text);
    if (!matcher.matches()) {
      throw new IOException(where + " is not <f4 in C order: " + text.strip());
    }
    int[] shape =
        Pattern.compile("\\d+")
            .matcher(matcher.group(1))
            .results()
            .mapToInt(size -> Integer.parseInt(size.group()))
            .toArray();
    int count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, size);
    }
    if (in.remaining() != 4 * count) {
      throw new IOException(where + " has " + in.remaining() + " bytes for " + count + " numbers");
    }
    float[] data = new float[count];
    in.asFloatBuffer().get(data);
    return new Array(shape, data);
  }
}
