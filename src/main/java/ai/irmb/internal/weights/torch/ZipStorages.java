package ai.irmb.internal.weights.torch;

import ai.irmb.internal.error.Quoting;
import ai.irmb.tensor.DType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** The storages in a zip, entries {@code NAME/data/KEY}. A key is a plain name, never a path. */
final class ZipStorages implements Storages {
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private final ZipArchive archive;
  private final String folder;
  private final boolean bigEndian;
  private final Map<String, StorageId> declaredStorages = new HashMap<>();
  private final Map<String, ByteBuffer> checkedContents = new HashMap<>();

  ZipStorages(ZipArchive archive, String folder) {
    this.archive = archive;
    this.folder = folder;
    String order = archive.text(folder + "byteorder", "byteorder", 16);
    if (order != null && !order.equals("little") && !order.equals("big")) {
      throw archive.error("byteorder: expected little or big, found " + Quoting.quote(order));
    }
    this.bigEndian = "big".equals(order);
  }

  @Override
  public void check(StorageId id, String label) {
    if (!PLAIN_KEY.matcher(id.key()).matches()) {
      throw archive.error(label + ": the storage key is not a plain name");
    }
    StorageId first = declaredStorages.putIfAbsent(id.key(), id);
    if (first != null && !first.hasSameTypeAndCount(id)) {
      throw archive.error(label + ": the storage is declared twice, with different type or size");
    }
    long size = archive.size(folder + "data/" + id.key());
    if (size < 0) {
      throw archive.error(label + " is not in the archive");
    }
    DType dtype = Objects.requireNonNull(id.dtype(), "dtype");
    if (id.count() < 0
        || id.count() > Long.MAX_VALUE / dtype.bytes()
        || id.count() * dtype.bytes() != size) {
      throw archive.error(
          label
              + ": the storage declares "
              + id.count()
              + " elements of "
              + dtype
              + ", but its record has "
              + size
              + " bytes");
    }
  }

  @Override
  public ByteBuffer bytes(StorageId id, String label) {
    ByteBuffer bytes = checkedContents.get(id.key());
    if (bytes == null) {
      bytes = archive.content(folder + "data/" + id.key(), label);
      checkedContents.put(id.key(), bytes);
    }
    return bytes;
  }

  @Override
  public boolean isBigEndian() {
    return bigEndian;
  }
}
