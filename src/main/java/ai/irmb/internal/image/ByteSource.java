package ai.irmb.internal.image;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes of an image, read sequentially, with the position for error messages.
 *
 * <p>It keeps only a small buffer, so data after the image costs neither memory nor time. Not safe
 * for concurrent use.
 */
public final class ByteSource {
  private final String name;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 15];
  private int next;
  private int end;
  private long bufferStart;
  private boolean isExhausted;

  /**
   * @param name the file's name, for messages
   * @param in not closed here
   */
  public ByteSource(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  String name() {
    return name;
  }

  /** {@return the number of consumed bytes} */
  long position() {
    return bufferStart + next;
  }

  /** {@return up to {@code count} of the first bytes, without consuming them} */
  byte[] peek(int count) throws IOException {
    while (end < count) {
      int n = in.read(buffer, end, buffer.length - end);
      if (n < 0) {
        break;
      }
      end += n;
    }
    return Arrays.copyOf(buffer, Math.min(count, end));
  }

  int u8() throws IOException {
    if (next == end && !fill()) {
      throw truncated();
    }
    return buffer[next++] & 0xFF;
  }

  int u16be() throws IOException {
    return u8() << 8 | u8();
  }

  int u16le() throws IOException {
    return u8() | u8() << 8;
  }

  int s32be() throws IOException {
    return u16be() << 16 | u16be();
  }

  int s32le() throws IOException {
    return u16le() | u16le() << 16;
  }

  long u32be() throws IOException {
    return s32be() & 0xFFFF_FFFFL;
  }

  long u32le() throws IOException {
    return s32le() & 0xFFFF_FFFFL;
  }

  /** Reads exactly {@code length} bytes. */
  void read(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (next == end && !fill()) {
        throw truncated();
      }
      int n = Math.min(length - done, end - next);
      System.arraycopy(buffer, next, into, offset + done, n);
      next += n;
      done += n;
    }
  }

  byte[] read(int length) throws IOException {
    byte[] bytes = new byte[length];
    read(bytes, 0, length);
    return bytes;
  }

  /** Reads all that is left, at most {@code max} bytes. */
  byte[] readToEnd(int max) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (next < end || fill()) {
      if (end - next > max - out.size()) {
        throw exceedsLimit("the file has more than " + max + " bytes; raise Limits.pixels");
      }
      out.write(buffer, next, end - next);
      next = end;
    }
    return out.toByteArray();
  }

  void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      if (next == end && !fill()) {
        throw truncated();
      }
      int n = (int) Math.min(left, end - next);
      next += n;
      left -= n;
    }
  }

  private boolean fill() throws IOException {
    bufferStart += end;
    next = 0;
    end = 0;
    int n = in.read(buffer, 0, buffer.length);
    end = Math.max(n, 0);
    return n > 0;
  }

  /** {@return whether bytes were wanted after the last one} */
  boolean isExhausted() {
    return isExhausted;
  }

  /**
   * Returns if the exception is due to the end of the file and this is accepted, else throws it.
   *
   * @param e thrown while the pixels were read
   */
  void acceptEnd(ImageException e, ReadOptions options) {
    if (!isExhausted) {
      throw e;
    }
    if (!options.acceptTruncated()) {
      throw new ImageException(
          e.getMessage()
              + "; to read it as far as it goes, use ReadOptions.withAcceptTruncated(true),"
              + " DetectorSettings.withAcceptTruncated(true) or --accept-truncated",
          e.getCause());
    }
  }

  /** {@return the error for an image that ends too early} */
  ImageException truncated() {
    isExhausted = true;
    return new ImageException(
        name + ": the file is truncated: it ends at byte " + position() + ", within the image");
  }

  /** {@return an error about the bytes at, or just before, the current position} */
  ImageException damaged(String what) {
    return new ImageException(
        name + ": the image is damaged near byte " + position() + ": " + what);
  }

  /** {@return an error about a valid image that is not supported} */
  ImageException unsupported(String what) {
    return new ImageException(name + ": " + what, ImageException.Reason.UNSUPPORTED);
  }

  /** {@return an error about an image that exceeds a limit} */
  ImageException exceedsLimit(String what) {
    return new ImageException(name + ": " + what, ImageException.Reason.LIMIT_EXCEEDED);
  }
}
