package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive whose directory and local headers agree, without gaps or overlaps. Contents are
 * checked when they are read; stored ones are views of the file.
 */
final class ZipArchive {
  private static final int LOCAL = 0x04034B50;
  private static final int LOCAL_SIZE = 30;
  private static final int DESCRIPTOR = 0x08074B50;

  private final WeightFile file;
  private final MemoryBudget budget;
  private final Map<String, ZipEntry> entries = new HashMap<>();
  private final Map<String, Long> contentOffsets = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  private ZipArchive(WeightFile file, MemoryBudget budget) {
    this.file = file;
    this.budget = budget;
  }

  /**
   * {@return the archive in a file}
   *
   * @throws WeightsException if it is damaged or ambiguous: two readers could find different
   *     contents
   */
  static ZipArchive open(WeightFile file, Limits limits, MemoryBudget budget) {
    ZipDirectory directory = new ZipDirectory(file, limits, budget);
    ZipArchive archive = new ZipArchive(file, budget);
    List<ZipEntry> entries = directory.read();
    archive.addAll(entries);
    List<ZipEntry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(ZipEntry::headerOffset));
    long expected = 0;
    for (int i = 0; i < ordered.size(); i++) {
      boolean last = i + 1 == ordered.size();
      long next = last ? directory.start() : ordered.get(i + 1).headerOffset();
      if (next > directory.start()) {
        String name = Quoting.escapeName(ordered.get(i + 1).name());
        throw archive.error(name + ": its local header is after the start of the directory");
      }
      archive.checkLocalHeader(ordered.get(i), expected, next);
      expected = next;
    }
    return archive;
  }

  /** {@return the names of all entries, in the directory's order} */
  List<String> names() {
    return names;
  }

  /** {@return the size of an entry's content in bytes, or -1 if there is no such entry} */
  long size(String name) {
    ZipEntry entry = entries.get(name);
    return entry == null ? -1 : entry.size();
  }

  /**
   * {@return an entry's content, little-endian and read-only, after checking its CRC}
   *
   * @param label name of the entry for error messages
   * @throws WeightsException if there is no such entry or it is damaged
   */
  ByteBuffer content(String name, String label) {
    ZipEntry entry = entries.get(name);
    Long start = contentOffsets.get(name);
    if (entry == null || start == null) {
      throw error(label + " is not in the archive");
    }
    ByteBuffer packed = file.slice(start, entry.compressedSize());
    ByteBuffer content =
        switch (entry.method()) {
          case ZipEntry.STORED -> packed;
          case ZipEntry.DEFLATED -> inflate(entry, packed, label);
          default ->
              throw error(label + ": compression method " + entry.method() + " is not supported");
        };
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    if ((int) crc.getValue() != entry.crc()) {
      throw error(
          String.format(
              "%s: CRC is %08x, the directory says %08x: the file is damaged",
              label, (int) crc.getValue(), entry.crc()));
    }
    return content;
  }

  private void addAll(List<ZipEntry> all) {
    Set<String> lowerCaseNames = new HashSet<>();
    for (ZipEntry entry : all) {
      // PyTorch ignores case when it looks up names, so two that differ only in case are
      // duplicates.
      if (!lowerCaseNames.add(entry.name().toLowerCase(Locale.ROOT))) {
        throw error(Quoting.escapeName(entry.name()) + " is in the zip directory twice");
      }
      if (entry.method() == ZipEntry.STORED && entry.size() != entry.compressedSize()) {
        throw error(Quoting.escapeName(entry.name()) + " is stored, but its two sizes differ");
      }
      entries.put(entry.name(), entry);
      names.add(entry.name());
    }
  }

  /** Checks the local header, and that the bytes up to the next entry belong to this one. */
  private void checkLocalHeader(ZipEntry entry, long expected, long next) {
    String name = Quoting.escapeName(entry.name());
    if (entry.headerOffset() != expected) {
      throw error(name + ": bytes that belong to no entry precede its local header");
    }
    if (next - expected < LOCAL_SIZE) {
      throw error(name + ": the entry overlaps the next one, or the directory is out of order");
    }
    ByteBuffer header = file.slice(expected, LOCAL_SIZE);
    int nameLength = header.getShort(26) & 0xFFFF;
    int extraLength = header.getShort(28) & 0xFFFF;
    long start = expected + LOCAL_SIZE + nameLength + extraLength;
    if (header.getInt(0) != LOCAL || start > next || entry.compressedSize() > next - start) {
      throw error(name + ": there is no local header, or the entry overlaps the next one");
    }
    byte[] localName = new byte[nameLength];
    file.slice(expected + LOCAL_SIZE, nameLength).get(localName);
    // Compares bytes: different malformed UTF-8 decodes to the same replacement character.
    if (!Arrays.equals(entry.name().getBytes(StandardCharsets.UTF_8), localName)) {
      throw error(
          name
              + ": the local header has another name, "
              + Quoting.quote(new String(localName, StandardCharsets.UTF_8)));
    }
    ByteBuffer extra = file.slice(expected + LOCAL_SIZE + nameLength, extraLength);
    checkSizes(entry, header, Zip64ExtraField.of(extra, file.name() + ": " + name));
    checkGap(entry, header.getShort(6) & 0xFFFF, start + entry.compressedSize(), next);
    contentOffsets.put(entry.name(), start);
  }

  private void checkSizes(ZipEntry entry, ByteBuffer header, Zip64ExtraField zip64) {
    int flags = header.getShort(6) & 0xFFFF;
    int crc = header.getInt(14);
    long size = header.getInt(22) & 0xFFFFFFFFL;
    long packed = header.getInt(18) & 0xFFFFFFFFL;
    size = zip64.next(size);
    packed = zip64.next(packed);
    boolean hasDescriptor = ZipEntry.hasDescriptor(flags);
    if (ZipEntry.isRefused(flags)
        || hasDescriptor != ZipEntry.hasDescriptor(entry.flags())
        || (header.getShort(8) & 0xFFFF) != entry.method()
        || differs(crc, entry.crc(), hasDescriptor)
        || differs(size, entry.size(), hasDescriptor)
        || differs(packed, entry.compressedSize(), hasDescriptor)) {
      throw error(
          Quoting.escapeName(entry.name())
              + ": the local header and the directory differ in flags, method, size or CRC");
    }
  }

  private static boolean differs(long local, long directory, boolean mayBeZero) {
    return local != directory && !(mayBeZero && local == 0);
  }

  /** Checks that nothing follows the content, or the data descriptor that a flag announces. */
  private void checkGap(ZipEntry entry, int flags, long end, long next) {
    long gap = next - end;
    if (gap == 0) {
      return;
    }
    if (!ZipEntry.hasDescriptor(flags) || gap > 24 || !isDescriptor(entry, file.slice(end, gap))) {
      throw error(
          Quoting.escapeName(entry.name())
              + ": the bytes after the entry are not its data descriptor");
    }
  }

  private static boolean isDescriptor(ZipEntry entry, ByteBuffer in) {
    int size = in.remaining();
    if (size == 16 || size == 24) {
      if (in.getInt() != DESCRIPTOR) {
        return false;
      }
    } else if (size != 12 && size != 20) {
      return false;
    }
    boolean wide = size >= 20;
    return in.getInt() == entry.crc()
        && (wide ? in.getLong() : in.getInt() & 0xFFFFFFFFL) == entry.compressedSize()
        && (wide ? in.getLong() : in.getInt() & 0xFFFFFFFFL) == entry.size();
  }

  private ByteBuffer inflate(ZipEntry entry, ByteBuffer packed, String label) {
    if (entry.size() > Integer.MAX_VALUE - 8 || !budget.tryReserve(entry.size())) {
      throw error(
          label
              + ": "
              + entry.compressedSize()
              + " compressed bytes that expand to "
              + entry.size()
              + ", which "
              + budget.exceededMessage());
    }
    byte[] out = new byte[(int) entry.size()];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed.duplicate());
      int done = 0;
      while (done < out.length) {
        int count = inflater.inflate(out, done, out.length - done);
        if (count == 0) {
          break;
        }
        done += count;
      }
      if (done != out.length
          || !isFinished(inflater)
          || inflater.getBytesRead() != entry.compressedSize()) {
        throw error(label + ": the compressed content is not as long as the directory says");
      }
    } catch (DataFormatException e) {
      throw new WeightsException(
          file.name() + ": " + label + ": the compressed content is damaged", e);
    } finally {
      inflater.end();
    }
    return ByteBuffer.wrap(out).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean isFinished(Inflater inflater) throws DataFormatException {
    return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
  }

  /** {@return the error to throw for this file} */
  WeightsException error(String problem) {
    return new WeightsException(file.name() + ": " + problem);
  }

  /** {@return the content of a small text entry, or null if there is no such entry} */
  @Nullable String text(String name, String label, int maxLength) {
    long size = size(name);
    if (size < 0) {
      return null;
    }
    if (size > maxLength) {
      throw error(
          label + ": " + size + " bytes are more than the expected maximum of " + maxLength + "");
    }
    return StandardCharsets.ISO_8859_1.decode(content(name, label)).toString();
  }
}
