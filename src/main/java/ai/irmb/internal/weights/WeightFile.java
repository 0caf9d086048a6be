package ai.irmb.internal.weights;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.file.FileErrors;
import ai.irmb.internal.file.InputResource;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The bytes of one file. Read-only and safe for concurrent use. There is nothing to close: the
 * memory is freed with the last slice.
 *
 * <p>The file is read, not memory-mapped: truncating a mapped file crashes the JVM (see {@code
 * docs/decisions/weights-in-memory.md}).
 */
public final class WeightFile {
  private static final Pattern NAME = Pattern.compile("(?is).*\\.(pt|pth|safetensors|ckpt)");

  /** Files from this size are read into direct buffers, which the engine takes without a copy. */
  private static final int MIN_DIRECT_BYTES = 8 << 20;

  private static final int MAX_SEGMENT_BYTES = 1 << 30;

  /** Small, because the size of a stream is not known before its end. */
  private static final int STREAM_SEGMENT_BYTES = 32 << 20;

  private final String name;
  private final long size;
  private final int segmentSize;
  private final List<ByteBuffer> segments;

  private WeightFile(String name, long size, int segmentSize, List<ByteBuffer> segments) {
    this.name = name;
    this.size = size;
    this.segmentSize = segmentSize;
    this.segments = List.copyOf(segments);
  }

  /** {@return whether a file name has an ending that weights have, in upper or lower case} */
  public static boolean isNamedAsWeights(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * {@return the bytes of the file at this path}
   *
   * @throws WeightsException if there is no such file, it cannot be read, or exceeds {@link
   *     Limit#WEIGHTS_BYTES}
   */
  public static WeightFile open(Path path, Limits limits) {
    String name = Objects.toString(path.getFileName(), path.toString());
    if (Files.isDirectory(path)) {
      throw new WeightsException(path + ": this is a folder, not a file of weights");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // A pipe or device has no size, and opening one may block forever.
      throw new WeightsException(path + ": this is a pipe or device, not a file of weights");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      checkSize(name, channel.size(), limits);
      return read(name, channel, MAX_SEGMENT_BYTES);
    } catch (NoSuchFileException e) {
      throw new WeightsException(path + ": there is no such file", e);
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * {@return the bytes of a resource, read to its end}
   *
   * @throws WeightsException if it cannot be read, exceeds {@link Limit#WEIGHTS_BYTES}, or does not
   *     fit into memory
   */
  public static WeightFile open(InputResource resource, Limits limits) {
    try (InputStream in = resource.opener().open()) {
      return read(resource.name(), in, limits, STREAM_SEGMENT_BYTES);
    } catch (IOException e) {
      throw new WeightsException(resource.name() + ": " + FileErrors.reason(e), e);
    }
  }

  static WeightFile read(String name, InputStream in, Limits limits, int segmentSize)
      throws IOException {
    List<ByteBuffer> segments = new ArrayList<>();
    long size = 0;
    try {
      byte[] bytes = in.readNBytes(segmentSize);
      while (bytes.length > 0) {
        size += bytes.length;
        checkSize(name, size, limits);
        segments.add(
            bytes.length < MIN_DIRECT_BYTES
                ? ByteBuffer.wrap(bytes).asReadOnlyBuffer()
                : ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer());
        bytes = in.readNBytes(segmentSize);
      }
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    }
    return new WeightFile(name, size, segmentSize, segments);
  }

  /**
   * {@return the bytes of a channel}
   *
   * @param channel at its beginning; not closed
   * @param segmentSize bytes of each buffer that it is kept in
   * @throws WeightsException if it cannot be read, ends early or does not fit into memory
   */
  static WeightFile read(String name, SeekableByteChannel channel, int segmentSize) {
    try {
      long size = channel.size();
      List<ByteBuffer> segments = new ArrayList<>();
      for (long start = 0; start < size; start += segmentSize) {
        segments.add(readSegment(channel, (int) Math.min(size - start, segmentSize)));
      }
      return new WeightFile(name, size, segmentSize, segments);
    } catch (IOException e) {
      throw unreadable(name, e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(name, e);
    }
  }

  private static void checkSize(String name, long size, Limits limits) {
    if (size > limits.get(Limit.WEIGHTS_BYTES)) {
      throw new WeightsException(
          name + ": its bytes are more than " + LimitMessages.limit(limits, Limit.WEIGHTS_BYTES));
    }
  }

  private static WeightsException outOfMemory(String name, OutOfMemoryError e) {
    return new WeightsException(
        name
            + ": there is not enough memory to read it; raise -Xmx, which bounds memory outside"
            + " the heap too",
        e);
  }

  private static WeightsException unreadable(String name, IOException e) {
    return new WeightsException(name + ": the file cannot be read: " + e.getMessage(), e);
  }

  /** {@return a file whose bytes are in memory already} */
  public static WeightFile of(String name, byte[] bytes) {
    List<ByteBuffer> segments =
        bytes.length == 0 ? List.of() : List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    return new WeightFile(name, bytes.length, Integer.MAX_VALUE, segments);
  }

  /** {@return the file name without its folder, as error messages have it} */
  public String name() {
    return name;
  }

  /** {@return the size in bytes} */
  public long size() {
    return size;
  }

  /** {@return whether the file begins with these bytes} */
  public boolean startsWith(byte[] prefix) {
    return size >= prefix.length
        && slice(0, prefix.length).equals(ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * {@return a read-only, little-endian view of a range}
   *
   * @throws WeightsException if the range is not within the file, or larger than 1 GiB
   */
  public ByteBuffer slice(long offset, long length) {
    if (offset < 0 || length < 0 || length > size - offset) {
      throw new WeightsException(
          name + ": " + length + " bytes at " + offset + " are not within its " + size + " bytes");
    }
    if (length > MAX_SEGMENT_BYTES) {
      throw new WeightsException(
          name
              + ": a range of "
              + length
              + " bytes is more than the 1 GiB that one buffer may have");
    }
    int segment = (int) (offset / segmentSize);
    int start = (int) (offset % segmentSize);
    ByteBuffer range =
        length == 0
            ? ByteBuffer.allocate(0)
            : length <= segments.get(segment).capacity() - start
                ? segments.get(segment).slice(start, (int) length)
                : copyAcrossSegments(segment, start, (int) length);
    return range.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return a copy of a range that spans several segments} */
  private ByteBuffer copyAcrossSegments(int first, int start, int length) {
    ByteBuffer out = ByteBuffer.allocate(length);
    for (int i = first, from = start; out.hasRemaining(); i++, from = 0) {
      ByteBuffer segment = segments.get(i);
      out.put(segment.slice(from, Math.min(out.remaining(), segment.capacity() - from)));
    }
    return out.flip().asReadOnlyBuffer();
  }

  private static ByteBuffer readSegment(SeekableByteChannel channel, int size) throws IOException {
    ByteBuffer bytes =
        size < MIN_DIRECT_BYTES ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return bytes.flip().asReadOnlyBuffer();
  }
}
