package ai.irmb.weights;

import ai.irmb.error.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The bytes of one file: small ones read, large ones mapped, in segments that overlap so that no
 * slice of up to 1 GiB crosses the end of one. Read-only and safe for concurrent use; nothing has
 * to be closed, mappings go with the last slice.
 */
public final class WeightFile {
  /** Above this a mapping is worth its keep; below, the garbage collector returns bytes sooner. */
  private static final int MAPPED_FROM = 8 << 20;

  private static final long SEGMENT = 1L << 30;

  private final String name;
  private final long size;
  private final List<ByteBuffer> segments;

  private WeightFile(String name, long size, List<ByteBuffer> segments) {
    this.name = name;
    this.size = size;
    this.segments = List.copyOf(segments);
  }

  /**
   * {@return the bytes of the file at this path}
   *
   * @throws WeightsException if there is no such file or it cannot be read
   */
  public static WeightFile open(Path path) {
    String name = Objects.toString(path.getFileName(), path.toString());
    if (Files.isDirectory(path)) {
      throw new WeightsException(name + ": this is a folder, not a file of weights");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      // A pipe or device has no size, and opening one may wait for ever.
      throw new WeightsException(name + ": this is a pipe or device, not a file of weights");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      List<ByteBuffer> segments =
          size < MAPPED_FROM ? List.of(read(channel, (int) size)) : map(channel, size);
      return new WeightFile(name, size, segments);
    } catch (NoSuchFileException e) {
      throw new WeightsException(name + ": there is no such file", e);
    } catch (IOException e) {
      throw new WeightsException(name + ": the file cannot be read: " + e.getMessage(), e);
    }
  }

  /** {@return a file's worth of bytes that are in memory already} */
  public static WeightFile of(String name, byte[] bytes) {
    return new WeightFile(name, bytes.length, List.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
  }

  /** {@return the last part of the path, as error messages call the file} */
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
   * {@return a read-only, little-endian view of a part}
   *
   * @throws IndexOutOfBoundsException if the part is not inside the file
   * @throws WeightsException if it is larger than 1 GiB
   */
  public ByteBuffer slice(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, size);
    if (length > SEGMENT) {
      throw new WeightsException(
          name + ": a part of " + length + " bytes is more than the 1 GiB that one array may have");
    }
    int segment = (int) Math.min(offset / SEGMENT, segments.size() - 1L);
    return segments
        .get(segment)
        .slice((int) (offset - segment * SEGMENT), (int) length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer read(FileChannel channel, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return bytes.flip().asReadOnlyBuffer();
  }

  private static List<ByteBuffer> map(FileChannel channel, long size) throws IOException {
    List<ByteBuffer> segments = new ArrayList<>();
    for (long start = 0; start < size; start += SEGMENT) {
      long length = Math.min(size - start, Integer.MAX_VALUE);
      segments.add(channel.map(FileChannel.MapMode.READ_ONLY, start, length));
    }
    return segments;
  }
}
