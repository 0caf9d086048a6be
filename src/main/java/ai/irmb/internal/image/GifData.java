package ai.irmb.internal.image;

import java.io.IOException;

/** The decompressed pixels of a GIF frame (LZW with codes of up to 12 bits), as a stream. */
final class GifData {
  private static final int MAX_CODES = 1 << 12;

  private final ByteSource in;
  private final int clear;
  private final int startBits;

  /** A code means the pixels of its prefix code and one more pixel. */
  private final short[] prefix = new short[MAX_CODES];

  private final byte[] last = new byte[MAX_CODES];

  /** The pixels of the current code, in reverse. */
  private final byte[] pending = new byte[MAX_CODES + 1];

  private int pendingCount;
  private int next;
  private int codeBits;
  private int previous = -1;
  private byte firstOfPrevious;
  private int bits;
  private int bitCount;
  private int blockLeft;

  GifData(ByteSource in) throws IOException {
    this.in = in;
    int pixelBits = in.u8();
    if (pixelBits < 1 || pixelBits > 8) {
      throw in.damaged("the GIF's pixels have " + pixelBits + " bits");
    }
    this.clear = 1 << pixelBits;
    this.startBits = pixelBits + 1;
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
    }
    reset();
  }

  private void reset() {
    next = clear + 2;
    codeBits = startBits;
    previous = -1;
  }

  void read(byte[] row) throws IOException {
    for (int x = 0; x < row.length; x++) {
      while (pendingCount == 0) {
        expand(code());
      }
      row[x] = pending[--pendingCount];
    }
  }

  private int code() throws IOException {
    while (bitCount < codeBits) {
      if (blockLeft == 0) {
        blockLeft = in.u8();
        if (blockLeft == 0) {
          throw in.damaged("the image data ends before the last row");
        }
      }
      bits |= in.u8() << bitCount;
      bitCount += 8;
      blockLeft--;
    }
    int code = bits & ((1 << codeBits) - 1);
    bits >>>= codeBits;
    bitCount -= codeBits;
    return code;
  }

  private void expand(int code) {
    if (code == clear) {
      reset();
      return;
    }
    if (code == clear + 1) {
      throw in.damaged("the image data ends before the last row");
    }
    if (code > next || (code == next && previous < 0) || (previous < 0 && code > clear)) {
      throw in.damaged("the image data refers to an undefined code");
    }
    int from = code;
    if (code == next) {
      // The code that is being defined: the previous code and its first pixel again.
      pending[pendingCount++] = firstOfPrevious;
      from = previous;
    }
    while (from > clear) {
      pending[pendingCount++] = last[from];
      from = prefix[from];
    }
    firstOfPrevious = (byte) from;
    pending[pendingCount++] = firstOfPrevious;
    if (previous >= 0 && next < MAX_CODES) {
      prefix[next] = (short) previous;
      last[next] = firstOfPrevious;
      next++;
      if (next == 1 << codeBits && codeBits < 12) {
        codeBits++;
      }
    }
    previous = code;
  }
}
