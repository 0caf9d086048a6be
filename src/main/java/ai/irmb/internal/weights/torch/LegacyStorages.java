package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.tensor.DType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The storages that follow the pickles of a legacy file, up to its end. Each is an element count of
 * 8 bytes, then the elements, little-endian on any machine.
 */
final class LegacyStorages implements Storages {
  private static final int COUNT_BYTES = 8;

  private final WeightFile file;
  private final Map<String, ByteBuffer> storages = new HashMap<>();

  /**
   * @param start offset of the first storage
   * @param keys of the storages in file order
   * @param declared type and element count of each storage, from the pickle
   * @throws WeightsException if keys and declarations differ, or the storages do not end at the end
   *     of the file
   */
  LegacyStorages(WeightFile file, long start, List<String> keys, Map<String, StorageId> declared) {
    this.file = file;
    long position = start;
    for (String key : keys) {
      StorageId id = declared.get(key);
      if (id == null) {
        throw error("storage " + Quoting.quote(key) + " is in the file, but not in its pickle");
      }
      position = add(id, position);
    }
    if (storages.size() < declared.size()) {
      throw error("a storage of the pickle is not in the file's list of storages");
    }
    if (position != file.size()) {
      throw error("byte " + position + ": bytes follow the last storage");
    }
  }

  private long add(StorageId id, long position) {
    String label = "storage " + Quoting.quote(id.key());
    DType dtype = id.dtype();
    if (dtype == null) {
      throw error(
          label
              + ": elements of "
              + Quoting.escapeName(id.type().fullName())
              + " are not supported");
    }
    if (file.size() - position < COUNT_BYTES) {
      throw error(label + ": the file is truncated before it");
    }
    long count = file.slice(position, COUNT_BYTES).getLong(0);
    long start = position + COUNT_BYTES;
    if (count < 0 || count != id.count()) {
      throw error(label + " has " + count + " elements, but the pickle declares " + id.count());
    }
    if (count > (file.size() - start) / dtype.bytes()) {
      throw error(label + ": the file is truncated within it");
    }
    long size = count * dtype.bytes();
    if (storages.put(id.key(), file.slice(start, size)) != null) {
      throw error(label + " is in the list of storages twice");
    }
    return start + size;
  }

  @Override
  public void check(StorageId id, String label) {
    if (!storages.containsKey(id.key())) {
      throw error(label + ": the storage is not in the file");
    }
  }

  @Override
  public ByteBuffer bytes(StorageId id, String label) {
    ByteBuffer bytes = storages.get(id.key());
    if (bytes == null) {
      throw error(label + ": the storage is not in the file");
    }
    return bytes;
  }

  @Override
  public boolean isBigEndian() {
    return false;
  }

  private WeightsException error(String problem) {
    return new WeightsException(file.name() + ": " + problem);
  }
}
