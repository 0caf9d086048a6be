package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the central directory of a zip, including zip64. The directory must end exactly at its end
 * record, and that at the end of the file, so that all readers find the same directory.
 */
final class ZipDirectory {
  private static final int END = 0x06054B50;
  private static final int END_SIZE = 22;
  private static final int LOCATOR64 = 0x07064B50;
  private static final int LOCATOR64_SIZE = 20;
  private static final int END64 = 0x06064B50;
  private static final int END64_SIZE = 56;
  private static final int ENTRY = 0x02014B50;
  private static final int ENTRY_SIZE = 46;
  private static final int MAX_COMMENT_BYTES = 0xFFFF;

  /** Estimated size of an entry in memory. */
  private static final int ENTRY_BYTES = 300;

  private final WeightFile file;
  private final Limits limits;
  private final MemoryBudget budget;

  private long entryCount;
  private long directoryAt;
  private long directorySize;
  private long directoryEnd;

  ZipDirectory(WeightFile file, Limits limits, MemoryBudget budget) {
    this.file = file;
    this.limits = limits;
    this.budget = budget;
  }

  /** {@return the offset of the directory, known after {@link #read}} */
  long start() {
    return directoryAt;
  }

  /** {@return the entries, in the directory's order} */
  List<ZipEntry> read() {
    findEnd();
    if (entryCount > limits.getInt(Limit.ZIP_ENTRIES)) {
      throw error(
          entryCount + " entries are more than " + LimitMessages.limit(limits, Limit.ZIP_ENTRIES));
    }
    if (directoryAt < 0
        || directorySize != directoryEnd - directoryAt
        || directorySize / ENTRY_SIZE < entryCount) {
      throw error("the directory does not end where its end record begins");
    }
    if (!budget.tryReserve(directorySize + entryCount * ENTRY_BYTES)) {
      throw error("the zip directory " + budget.exceededMessage());
    }
    ByteBuffer in = file.slice(directoryAt, directorySize);
    List<ZipEntry> entries = new ArrayList<>((int) entryCount);
    for (long i = 0; i < entryCount; i++) {
      entries.add(entry(in));
    }
    if (in.hasRemaining()) {
      throw error("the directory is longer than its " + entryCount + " entries");
    }
    return entries;
  }

  private void findEnd() {
    long tailSize = Math.min(file.size(), END_SIZE + MAX_COMMENT_BYTES);
    ByteBuffer tail = file.slice(file.size() - tailSize, tailSize);
    int found = -1;
    for (int at = (int) tailSize - END_SIZE; at >= 0; at--) {
      if (tail.getInt(at) == END && at + END_SIZE + (tail.getShort(at + 20) & 0xFFFF) == tailSize) {
        if (found >= 0) {
          throw error("two end records make the zip ambiguous");
        }
        found = at;
      }
    }
    if (found < 0) {
      throw error(
          "the zip archive has no end record at its end: the file is truncated, or something"
              + " follows the archive");
    }
    readEnd(tail.slice(found, END_SIZE).order(tail.order()), file.size() - tailSize + found);
  }

  private void readEnd(ByteBuffer end, long endAt) {
    int thisDisk = end.getShort(4) & 0xFFFF;
    int firstDisk = end.getShort(6) & 0xFFFF;
    int onDisk = end.getShort(8) & 0xFFFF;
    int total = end.getShort(10) & 0xFFFF;
    long size = end.getInt(12) & 0xFFFFFFFFL;
    long start = end.getInt(16) & 0xFFFFFFFFL;
    entryCount = total;
    directorySize = size;
    directoryAt = start;
    directoryEnd = endAt;
    boolean is64 = readEnd64(endAt);
    if (!agrees(total, 0xFFFF, entryCount, is64)
        || !agrees(onDisk, 0xFFFF, entryCount, is64)
        || !agrees(size, 0xFFFFFFFFL, directorySize, is64)
        || !agrees(start, 0xFFFFFFFFL, directoryAt, is64)
        || !agrees(thisDisk, 0xFFFF, 0, is64)
        || !agrees(firstDisk, 0xFFFF, 0, is64)) {
      throw error("the end records of the zip differ from each other, or name several volumes");
    }
  }

  private static boolean agrees(long small, long placeholder, long actual, boolean is64) {
    return small == actual || (is64 && small == placeholder);
  }

  /** Reads the zip64 end record, if any. {@return whether there is one} */
  private boolean readEnd64(long endAt) {
    long locatorAt = endAt - LOCATOR64_SIZE;
    if (locatorAt < 0 || file.slice(locatorAt, 4).getInt(0) != LOCATOR64) {
      return false;
    }
    ByteBuffer locator = file.slice(locatorAt, LOCATOR64_SIZE);
    long end64At = locator.getLong(8);
    if (end64At != locatorAt - END64_SIZE
        || end64At < 0
        || locator.getInt(4) != 0
        || locator.getInt(16) != 1) {
      throw error("the zip64 end record is not where its locator says");
    }
    ByteBuffer end64 = file.slice(end64At, END64_SIZE);
    if (end64.getInt(0) != END64
        || end64.getLong(4) != END64_SIZE - 12
        || end64.getInt(16) != 0
        || end64.getInt(20) != 0
        || end64.getLong(24) != end64.getLong(32)) {
      throw error("the zip64 end record is malformed");
    }
    entryCount = end64.getLong(32);
    directorySize = end64.getLong(40);
    directoryAt = end64.getLong(48);
    directoryEnd = end64At;
    if (entryCount < 0) {
      throw error("the zip64 end record is malformed");
    }
    return true;
  }

  private ZipEntry entry(ByteBuffer in) {
    if (in.remaining() < ENTRY_SIZE || in.getInt(in.position()) != ENTRY) {
      throw error("the directory ends early or contains something other than entries");
    }
    ByteBuffer fixed = in.slice(in.position(), ENTRY_SIZE).order(in.order());
    in.position(in.position() + ENTRY_SIZE);
    int flags = fixed.getShort(8) & 0xFFFF;
    String name = name(take(in, fixed.getShort(28) & 0xFFFF));
    ByteBuffer extra = take(in, fixed.getShort(30) & 0xFFFF);
    take(in, fixed.getShort(32) & 0xFFFF);
    if (ZipEntry.isRefused(flags)) {
      throw error(
          Quoting.escapeName(name) + ": the entry is encrypted or patched, which is not supported");
    }
    long size = fixed.getInt(24) & 0xFFFFFFFFL;
    long packed = fixed.getInt(20) & 0xFFFFFFFFL;
    long header = fixed.getInt(42) & 0xFFFFFFFFL;
    Zip64ExtraField zip64 =
        Zip64ExtraField.of(extra, file.name() + ": " + Quoting.escapeName(name));
    size = zip64.next(size);
    packed = zip64.next(packed);
    header = zip64.next(header);
    return new ZipEntry(
        name, flags, fixed.getShort(10) & 0xFFFF, fixed.getInt(16), packed, size, header);
  }

  private ByteBuffer take(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw error("the directory ends in the middle of an entry");
    }
    ByteBuffer part = in.slice(in.position(), length).order(in.order());
    in.position(in.position() + length);
    return part;
  }

  private String name(ByteBuffer raw) {
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
      if (name.isEmpty() || name.indexOf('\0') >= 0) {
        throw error("the name of an entry is empty or holds a zero byte");
      }
      return name;
    } catch (CharacterCodingException e) {
      throw new WeightsException(file.name() + ": the name of an entry is not valid UTF-8", e);
    }
  }

  private WeightsException error(String problem) {
    return new WeightsException(file.name() + ": " + problem);
  }
}
