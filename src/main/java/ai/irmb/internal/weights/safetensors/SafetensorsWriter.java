package ai.irmb.internal.weights.safetensors;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.file.AtomicFile;
import ai.irmb.internal.file.FileErrors;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file. The same content gives the same bytes.
 *
 * <p>Tensors with wide elements come first in the data, which aligns each element to its size. The
 * header keeps the order of the map.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes to a temporary file beside the target and renames it. If this fails, an older file is
   * untouched.
   *
   * @param target the file to write, replaced if it exists
   * @param content tensors and metadata; no tensor may be named {@code __metadata__}
   * @param precision type to store floating-point tensors in
   * @throws WeightsException if the file system fails, or a value overflows the precision
   */
  public static void write(Path target, SafetensorsFile content, StoragePrecision precision) {
    if (content.tensors().containsKey(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException("a tensor cannot be named " + SafetensorsHeader.METADATA);
    }
    try {
      AtomicFile.write(target, out -> writeTo(Channels.newChannel(out), content, precision));
    } catch (IOException e) {
      throw new WeightsException(target + " was not written: " + FileErrors.writeReason(e), e);
    }
  }

  private static void writeTo(
      WritableByteChannel out, SafetensorsFile content, StoragePrecision precision)
      throws IOException {
    List<Map.Entry<String, HostTensor>> byWidth = new ArrayList<>(content.tensors().entrySet());
    byWidth.sort(
        Comparator.comparingInt(entry -> -precision.storedType(entry.getValue().dtype()).bytes()));
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (Map.Entry<String, HostTensor> entry : byWidth) {
      begins.put(entry.getKey(), end);
      end += size(entry.getValue(), precision);
    }
    writeAll(out, header(content, begins, precision));
    for (Map.Entry<String, HostTensor> entry : byWidth) {
      // Converts one tensor at a time, so that there is never a second copy of all weights.
      writeAll(out, precision.convert(entry.getValue(), entry.getKey()).bytes());
    }
  }

  private static long size(HostTensor tensor, StoragePrecision precision) {
    return tensor.shape().elements() * precision.storedType(tensor.dtype()).bytes();
  }

  private static ByteBuffer header(
      SafetensorsFile content, Map<String, Long> begins, StoragePrecision precision) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!content.metadata().isEmpty()) {
      json.put(SafetensorsHeader.METADATA, content.metadata());
    }
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              long begin = begins.getOrDefault(name, 0L);
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put(SafetensorsHeader.DTYPE, precision.storedType(tensor.dtype()).name());
              entry.put(SafetensorsHeader.SHAPE, tensor.shape().sizes());
              entry.put(SafetensorsHeader.OFFSETS, List.of(begin, begin + size(tensor, precision)));
              json.put(name, entry);
            });
    byte[] text = JsonWriter.write(json).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer out = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(text);
    while (out.hasRemaining()) {
      out.put((byte) ' ');
    }
    return out.flip();
  }

  private static void writeAll(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
