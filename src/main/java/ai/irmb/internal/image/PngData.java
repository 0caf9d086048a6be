package ai.irmb.internal.image;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The decompressed data of a PNG's consecutive IDAT chunks, as a stream. */
final class PngData implements AutoCloseable {
  private final ByteSource in;
  private final PngChunks chunks;
  private final Inflater inflater = new Inflater();
  private final byte[] compressed = new byte[1 << 13];

  /**
   * @param chunks at the first IDAT; afterwards at the last one or after it
   */
  PngData(ByteSource in, PngChunks chunks) {
    this.in = in;
    this.chunks = chunks;
  }

  /** Fills the first {@code length} bytes. */
  void read(byte[] into, int length) throws IOException {
    int done = 0;
    while (done < length) {
      done += inflate(into, done, length - done);
      if (done < length && inflater.finished()) {
        throw in.damaged("the image data ends before the last row");
      }
    }
  }

  /** Checks that no data is left, which also checks the checksum at the end. */
  void finish() throws IOException {
    byte[] extra = new byte[1];
    while (!inflater.finished()) {
      if (inflate(extra, 0, 1) > 0) {
        throw in.damaged("the image data continues after the last row");
      }
    }
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      int n = inflater.inflate(into, offset, length);
      if (n == 0 && inflater.needsDictionary()) {
        throw in.damaged("the image data needs a preset dictionary");
      }
      if (n == 0 && inflater.needsInput()) {
        refill();
      }
      return n;
    } catch (DataFormatException e) {
      throw in.damaged("the image data cannot be decompressed (" + e.getMessage() + ")");
    }
  }

  private void refill() throws IOException {
    while (chunks.left() == 0) {
      chunks.next();
      if (!chunks.type().equals("IDAT")) {
        throw in.damaged("the image data ends before the last row");
      }
    }
    inflater.setInput(compressed, 0, chunks.read(compressed));
  }

  @Override
  public void close() {
    inflater.end();
  }
}
