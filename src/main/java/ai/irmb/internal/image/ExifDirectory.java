package ai.irmb.internal.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The first directory of EXIF data, which is a TIFF structure. Every read is bounds-checked. */
final class ExifDirectory {
  private static final int HEADER = 8;
  private static final int ENTRY = 12;

  private final ByteBuffer bytes;

  private ExifDirectory(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** {@return the directory that starts there, or null if there is none} */
  static @Nullable ExifDirectory of(byte[] data, int start) {
    if (data.length - start < HEADER) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(data, start, data.length - start).slice();
    short mark = bytes.getShort(0);
    if (mark == 0x4949) {
      bytes.order(ByteOrder.LITTLE_ENDIAN);
    } else if (mark != 0x4D4D) {
      return null;
    }
    return bytes.getShort(2) == 42 ? new ExifDirectory(bytes) : null;
  }

  /** {@return the 16-bit value of the first entry with this tag, or 0 if there is none} */
  int uint16(int tag) {
    long at = bytes.getInt(4) & 0xFFFF_FFFFL;
    if (at > bytes.capacity() - 2) {
      return 0;
    }
    int entries = bytes.getShort((int) at) & 0xFFFF;
    int entry = (int) at + 2;
    for (int i = 0; i < entries && entry <= bytes.capacity() - ENTRY; i++, entry += ENTRY) {
      if ((bytes.getShort(entry) & 0xFFFF) == tag) {
        return bytes.getShort(entry + 8) & 0xFFFF;
      }
    }
    return 0;
  }
}
