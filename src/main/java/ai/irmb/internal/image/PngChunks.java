package ai.irmb.internal.image;

import java.io.IOException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A cursor over the chunks of a PNG, which checks the CRC of each chunk. */
final class PngChunks {
  private static final int SIGNATURE = 8;

  /** The value of {@link #left} before the first chunk and after a chunk's CRC. */
  private static final long FINISHED = -1;

  private final ByteSource in;
  private final CRC32 crc = new CRC32();
  private final byte[] scratch = new byte[1 << 13];
  private String type = "";
  private long left = FINISHED;
  private boolean isIntact;

  PngChunks(ByteSource in) throws IOException {
    this.in = in;
    in.skip(SIGNATURE);
  }

  /** {@return the type of the current chunk, four letters} */
  String type() {
    return type;
  }

  /** {@return the number of unread bytes in the current chunk, which is not finished} */
  long left() {
    return left;
  }

  /** Skips the rest of the current chunk, if any, and moves to the next one. */
  void next() throws IOException {
    if (left != FINISHED) {
      finish();
    }
    long length = in.u32be();
    if (length > Integer.MAX_VALUE) {
      throw in.damaged("a chunk of " + length + " bytes is longer than PNG allows");
    }
    byte[] letters = in.read(4);
    StringBuilder name = new StringBuilder(4);
    for (byte letter : letters) {
      if (!(letter >= 'A' && letter <= 'Z') && !(letter >= 'a' && letter <= 'z')) {
        throw in.damaged("a chunk's type is not four letters");
      }
      name.append((char) letter);
    }
    type = name.toString();
    left = length;
    crc.reset();
    crc.update(letters);
  }

  /** {@return the number of bytes read from this chunk, up to {@code into.length}} */
  int read(byte[] into) throws IOException {
    int n = (int) Math.min(left, into.length);
    in.read(into, 0, n);
    crc.update(into, 0, n);
    left -= n;
    return n;
  }

  /** {@return the rest of this chunk, or null if it is longer, in which case it is skipped} */
  byte @Nullable [] readUpTo(int max) throws IOException {
    if (left > max) {
      return null;
    }
    byte[] bytes = new byte[(int) left];
    read(bytes);
    return bytes;
  }

  /**
   * Skips the rest of the current chunk and checks its CRC. As in libpng, an ancillary chunk with a
   * wrong CRC is to be treated as absent.
   *
   * @return whether the CRC is right; false only for an ancillary chunk
   */
  boolean finish() throws IOException {
    while (left > 0) {
      read(scratch);
    }
    if (left == 0) {
      long declared = in.u32be();
      isIntact = declared == crc.getValue();
      left = FINISHED;
      if (!isIntact && isCritical()) {
        throw in.damaged(
            String.format(
                "the CRC of its chunk %s is %08x, the file says %08x",
                type, crc.getValue(), declared));
      }
    }
    return isIntact;
  }

  /** {@return whether the image cannot be decoded without this chunk, as its type says} */
  boolean isCritical() {
    return Character.isUpperCase(type.charAt(0));
  }
}
